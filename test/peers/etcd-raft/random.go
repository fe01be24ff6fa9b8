package main

// random is SplitMix64 (Steele, Lea and Flood, 2014): the same numbers for the same seed
// on every machine and with every version of Go.
type random struct{ state uint64 }

func (r *random) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

// below gives a number from 0 to n-1.
func (r *random) below(n int) int { return int(r.next() % uint64(n)) }

// between gives a number from low to high, both included.
func (r *random) between(low, high int) int { return low + r.below(high-low+1) }

// chance is true in so many of 1000 calls.
func (r *random) chance(perMille int) bool { return r.below(1000) < perMille }

// pick gives one of the choices.
func pick[T any](r *random, choices ...T) T { return choices[r.below(len(choices))] }
