package main

import (
	"fmt"
	"time"
)

// How long a cluster may take to have a leader.
const electionPatience = 30 * time.Second

// findLeader asks one server after the other whether it leads, until one says so.
func findLeader(addresses []string, leads func(address string) (bool, error)) (string, error) {
	var last error
	for deadline := time.Now().Add(electionPatience); time.Now().Before(deadline); {
		for _, address := range addresses {
			is, err := leads(address)
			if err != nil {
				last = err
			} else if is {
				return address, nil
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	return "", fmt.Errorf("no server says that it leads; the last error: %v", last)
}
