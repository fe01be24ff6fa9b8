// The load of `lockstep bench cluster`: the same closed loop for every peer. Each client has a
// connection and one request under way; it puts values of a fixed size under keys taken at random,
// and begins the next when the last was answered. What was answered in the warm-up is not counted.
// It prints one JSON line.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// client is one client of a cluster, connected to the leader.
type client interface {
	// put returns once the value is committed.
	put(key string, value []byte) error
}

// peers are the clusters that can be driven: each connects a number of clients to the leader.
var peers = map[string]func(addresses []string, clients int) ([]client, error){
	"hashicorp": connectHashicorp,
	"etcd":      connectEtcd,
	"lockstep":  connectLockstep,
}

type result struct {
	Clients    int     `json:"clients"`
	Commits    int     `json:"commits"`
	Seconds    float64 `json:"seconds"`
	PerSecond  float64 `json:"perSecond"`
	P50        float64 `json:"p50Milliseconds"`
	P99        float64 `json:"p99Milliseconds"`
	Failures   int     `json:"failures"`
	CPUSeconds float64 `json:"cpuSeconds"`
}

func main() {
	peer := flag.String("peer", "", "hashicorp, etcd or lockstep")
	addresses := flag.String("addresses", "", "host:port of every server's door, by commas")
	clients := flag.Int("clients", 1, "how many clients")
	size := flag.Int("size", 100, "bytes of a value")
	keys := flag.Int("keys", 10000, "how many keys")
	warmup := flag.Duration("warmup", 2*time.Second, "how long before the measurement")
	length := flag.Duration("length", 5*time.Second, "how long the measurement is")
	flag.Parse()

	connect := peers[*peer]
	if connect == nil {
		fail(fmt.Errorf("-peer: there is no %q", *peer))
	}
	connected, err := connect(strings.Split(*addresses, ","), *clients)
	if err != nil {
		fail(err)
	}
	measured, err := load(connected, *keys, *size, *warmup, *length)
	if err != nil {
		fail(err)
	}
	json.NewEncoder(os.Stdout).Encode(measured)
}

// load has all clients put values, and measures the answers of the time after the warm-up.
func load(clients []client, keys, size int, warmup, length time.Duration) (result, error) {
	var stop atomic.Bool
	var mutex sync.Mutex
	var done sync.WaitGroup
	var latencies []time.Duration
	var failures int
	var last error
	begin := time.Now().Add(warmup)
	end := begin.Add(length)
	for number, each := range clients {
		done.Add(1)
		go func() {
			defer done.Done()
			own, failed, err := run(each, uint64(number+1), keys, size, begin, end, &stop)
			mutex.Lock()
			defer mutex.Unlock()
			latencies = append(latencies, own...)
			failures += failed
			if err != nil {
				last = err
			}
		}()
	}
	time.Sleep(time.Until(begin))
	cpu := cpuSeconds()
	time.Sleep(time.Until(end))
	cpu = cpuSeconds() - cpu
	stop.Store(true)
	done.Wait()
	if len(latencies) == 0 {
		return result{}, fmt.Errorf("nothing was committed; the last error: %v", last)
	}
	if failures > 0 {
		fmt.Fprintln(os.Stderr, "load:", failures, "requests failed; the last:", last)
	}
	sort.Slice(latencies, func(a, b int) bool { return latencies[a] < latencies[b] })
	return result{
		Clients:    len(clients),
		Commits:    len(latencies),
		Seconds:    length.Seconds(),
		PerSecond:  float64(len(latencies)) / length.Seconds(),
		P50:        milliseconds(latencies[len(latencies)/2]),
		P99:        milliseconds(latencies[len(latencies)*99/100]),
		Failures:   failures,
		CPUSeconds: cpu,
	}, nil
}

// run is one client. It gives up after ten failures in a row.
func run(client client, seed uint64, keys, size int, begin, end time.Time, stop *atomic.Bool) ([]time.Duration, int, error) {
	value := []byte(strings.Repeat("v", size))
	var latencies []time.Duration
	var last error
	failures, inARow := 0, 0
	for !stop.Load() && inARow < 10 {
		seed ^= seed << 13
		seed ^= seed >> 7
		seed ^= seed << 17
		key := fmt.Sprintf("key%d", seed%uint64(keys))
		asked := time.Now()
		err := client.put(key, value)
		answered := time.Now()
		if err != nil {
			failures++
			inARow++
			last = err
			continue
		}
		inARow = 0
		if answered.After(begin) && answered.Before(end) {
			latencies = append(latencies, answered.Sub(asked))
		}
	}
	return latencies, failures, last
}

func milliseconds(duration time.Duration) float64 {
	return float64(duration.Microseconds()) / 1000
}

func cpuSeconds() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		fail(err)
	}
	seconds := func(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }
	return seconds(usage.Utime) + seconds(usage.Stime)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "load:", err)
	os.Exit(1)
}
