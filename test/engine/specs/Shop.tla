-------------------------------- MODULE Shop --------------------------------
(* Stock and baskets as bags. *)
EXTENDS Bags, Naturals, FiniteSets
CONSTANTS Item, Buyer
VARIABLES stock, basket
All == SetToBag(Item) (+) SetToBag(Item)
Init == stock = All /\ basket = [b \in Buyer |-> EmptyBag]
Take(b, i) == /\ BagIn(i, stock)
              /\ stock' = stock (-) SetToBag({i})
              /\ basket' = [basket EXCEPT ![b] = @ (+) SetToBag({i})]
Return(b) == /\ basket[b] # EmptyBag
             /\ stock' = stock (+) basket[b]
             /\ basket' = [basket EXCEPT ![b] = EmptyBag]
Next == \E b \in Buyer : Return(b) \/ \E i \in Item : Take(b, i)
Spec == Init /\ [][Next]_<<stock, basket>>
Kept == BagCardinality(stock (+) BagUnion({basket[b] : b \in Buyer} \cup {EmptyBag})) <= BagCardinality(All)
IsBags == IsABag(stock) /\ \A b \in Buyer : IsABag(basket[b])
Modest == \A b \in Buyer : \A i \in BagToSet(basket[b]) : CopiesIn(i, basket[b]) <= 1
=============================================================================
