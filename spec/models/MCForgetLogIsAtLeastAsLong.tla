--------------------- MODULE MCForgetLogIsAtLeastAsLong ---------------------
(***************************************************************************)
(* Logs are compared by their last terms only: a server that lacks the     *)
(* last entries of that term is elected (section 5.4.1).  s1 begins the    *)
(* first term, appends two entries and then sends both to s2 and one to    *)
(* s3; s3 begins the second term.                                          *)
(***************************************************************************)
EXTENDS MCRestricted

FirstThenThird == <<{s1}, {s3}>>
TwoAtFirst == <<2, 0>>
BothOrOne(s, p) ==
  CASE LastIndex(s) < 2 -> {} [] p = s2 -> {<<0, 2>>} [] OTHER -> {<<0, 1>>}

=============================================================================
