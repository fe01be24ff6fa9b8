// A Raft that Lockstep did not write, under Lockstep's checker: this program drives
// unmodified go.etcd.io/raft through elections, partitions, losses, crashes and commands,
// under a schedule that a seed decides, and logs Lockstep's trace format from what raft's
// public interface shows. README.md has the mapping.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"runtime/debug"
	"strings"

	"go.etcd.io/raft/v3"
)

// variables are those that raft's public interface shows; votesGranted it does not.
// matchIndex follows acknowledgements that the spec does not have, so that it and nextIndex
// are shown only where the network spares raft those (README.md).
func (d *dials) variables() []string {
	variables := []string{"currentTerm", "votedFor", "log", "role", "commitIndex", "lastApplied"}
	if d.showsProgress {
		variables = append(variables, "nextIndex", "matchIndex")
	}
	return variables
}

type options struct {
	out         string
	seed        uint64
	runs        int
	events      int
	preVote     bool
	checkQuorum bool
	fault       string
	// aFileAServer writes a file for each server, as processes of their own would.
	aFileAServer bool
}

// summary is what the program prints, as JSON.
type summary struct {
	Executions int            `json:"executions"`
	Events     int            `json:"events"`
	Commands   int            `json:"commands"`
	Actions    map[string]int `json:"actions"`
	Counts     map[string]int `json:"counts"`
	// Failures are executions that ended before their time: raft panicked, or did something
	// that the mapping does not know.
	Failures []string `json:"failures"`
	// Planted counts the executions whose log a planted fault changed.
	Planted int `json:"planted"`
}

func main() {
	o := options{}
	flag.StringVar(&o.out, "out", "", "the folder for the traces (needed)")
	flag.Uint64Var(&o.seed, "seed", 1, "the seed of the first execution; the others follow")
	flag.IntVar(&o.runs, "runs", 100, "executions, by turns of 3 and 5 servers")
	flag.IntVar(&o.events, "events", 500, "events of an execution")
	flag.BoolVar(&o.preVote, "prevote", false, "run raft with PreVote")
	flag.BoolVar(&o.checkQuorum, "checkquorum", false, "run raft with CheckQuorum")
	flag.BoolVar(&o.aFileAServer, "split", false, "write a file a server")
	flag.StringVar(&o.fault, "fault", "", "plant a fault in the log, one of: "+faultNames())
	flag.Parse()
	if err := o.check(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	raft.SetLogger(&raft.DefaultLogger{Logger: log.New(io.Discard, "", 0)})
	total, err := o.runAll()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
	if err := json.NewEncoder(os.Stdout).Encode(total); err != nil {
		os.Exit(3)
	}
	if len(total.Failures) > 0 {
		os.Exit(1)
	}
}

func (o *options) check() error {
	if o.out == "" || flag.NArg() > 0 || o.runs < 1 || o.events < 1 {
		return fmt.Errorf("say where the traces go: etcd-raft -out FOLDER [-seed S] [-runs N] [-events N]")
	}
	if o.fault != "" && findLoggingFault(o.fault) == nil {
		return fmt.Errorf("there is no fault %q; the faults are: %s", o.fault, faultNames())
	}
	return os.MkdirAll(o.out, 0o777)
}

func faultNames() string {
	names := []string{}
	for _, f := range loggingFaults {
		names = append(names, f.name)
	}
	return strings.Join(names, ", ")
}

func (o *options) runAll() (*summary, error) {
	total := &summary{Actions: map[string]int{}, Counts: map[string]int{}, Failures: []string{}}
	for i := range o.runs {
		if err := o.runOne(o.seed+uint64(i), total); err != nil {
			return nil, err
		}
	}
	return total, nil
}

// runOne makes the execution of one seed and adds it to the total.
func (o *options) runOne(seed uint64, total *summary) error {
	r := &random{state: seed}
	d := rollDials(r, 3+2*int(seed%2), o.events)
	d.preVote, d.checkQuorum = o.preVote, o.checkQuorum
	name := fmt.Sprintf("etcd-raft-%05d", seed)
	files, err := openTraceFiles(o.out, name, o.header(seed, &d), o.aFileAServer)
	if err != nil {
		return err
	}
	planted := false
	plant := findLoggingFault(o.fault)
	c, err := newCluster(d, r, func(event *traceEvent) error {
		if plant != nil && !planted && files.events >= o.events/4 {
			planted = plant.plant(event)
		}
		return files.write(event)
	})
	if err != nil {
		return err
	}
	if err := runToItsEnd(c); err != nil {
		total.Failures = append(total.Failures, fmt.Sprintf("seed %d: %v", seed, err))
	}
	total.add(c, files)
	if planted {
		total.Planted++
	}
	return files.close()
}

// runToItsEnd makes a panic of raft an error, since what it logged before is worth a check.
func runToItsEnd(c *cluster) (err error) {
	defer func() {
		if caught := recover(); caught != nil {
			err = fmt.Errorf("raft panicked: %v", caught)
		}
	}()
	return c.run()
}

func (t *summary) add(c *cluster, files *traceFiles) {
	t.Executions++
	t.Events += files.events
	t.Commands += c.commands
	for action, count := range files.actions {
		t.Actions[action] += count
	}
	for what, count := range c.counts {
		t.Counts[what] += count
	}
}

func (o *options) header(seed uint64, d *dials) traceHeader {
	servers := []string{}
	for id := 1; id <= d.servers; id++ {
		servers = append(servers, serverName(uint64(id)))
	}
	replay := fmt.Sprintf("go run . -out FOLDER -seed %d -runs 1 -events %d", seed, o.events)
	if o.preVote {
		replay += " -prevote"
	}
	if o.checkQuorum {
		replay += " -checkquorum"
	}
	if o.aFileAServer {
		replay += " -split"
	}
	if o.fault != "" {
		replay += " -fault " + o.fault
	}
	return traceHeader{
		Format:         "lockstep-raft-trace",
		Version:        1,
		Servers:        servers,
		Variables:      d.variables(),
		Implementation: raftVersion(),
		Seed:           seed,
		Replay:         replay,
		Note:           fmt.Sprintf("driven by test/peers/etcd-raft; preVote %t, checkQuorum %t", d.preVote, d.checkQuorum),
	}
}

// raftVersion is the version of raft that this program was built with.
func raftVersion() implementation {
	const module = "go.etcd.io/raft/v3"
	version := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dependency := range info.Deps {
			if dependency.Path == module {
				version = dependency.Version
				if dependency.Replace != nil {
					version += " (replaced)"
				}
			}
		}
	}
	return implementation{Name: module, Version: version}
}
