// One server of the peer of `lockstep bench cluster`: hashicorp/raft with the log and the vote in
// raft-wal, which has every append on the disk before it returns, a key-value store as the state
// machine, and a binary door for clients. Three of these processes are the cluster.
package main

import (
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/raft"
	wal "github.com/hashicorp/raft-wal"
)

func main() {
	id := flag.String("id", "", "this server, as in -servers")
	servers := flag.String("servers", "", "id=host:port of every server, for Raft, by commas")
	door := flag.String("door", "", "host:port for clients")
	folder := flag.String("dir", "", "where the log is kept")
	entries := flag.Int("max-append-entries", 64, "the most entries in one AppendEntries (the default of hashicorp/raft)")
	flag.Parse()

	node, err := start(*id, *servers, *folder, *entries)
	if err != nil {
		fail(err)
	}
	listener, err := net.Listen("tcp", *door)
	if err != nil {
		fail(err)
	}
	go serve(listener, node)

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	<-signals
	node.Shutdown().Error()
}

func start(id, servers, folder string, entries int) (*raft.Raft, error) {
	configuration, address, err := cluster(id, servers)
	if err != nil {
		return nil, err
	}
	logs := filepath.Join(folder, "wal")
	if err := os.MkdirAll(logs, 0o755); err != nil {
		return nil, err
	}
	log, err := wal.Open(logs)
	if err != nil {
		return nil, err
	}
	snapshots, err := raft.NewFileSnapshotStore(folder, 1, io.Discard)
	if err != nil {
		return nil, err
	}
	transport, err := raft.NewTCPTransport(address, nil, 3, 10*time.Second, io.Discard)
	if err != nil {
		return nil, err
	}
	config := raft.DefaultConfig()
	config.LocalID = raft.ServerID(id)
	config.MaxAppendEntries = entries
	config.BatchApplyCh = true // as Consul has it: commands that wait are taken together
	config.Logger = hclog.New(&hclog.LoggerOptions{Output: os.Stderr, Level: hclog.Error})

	store := &store{values: map[string][]byte{}}
	if err := raft.BootstrapCluster(config, log, log, snapshots, transport, configuration); err != nil && err != raft.ErrCantBootstrap {
		return nil, err
	}
	return raft.NewRaft(config, store, log, log, snapshots, transport)
}

// cluster reads id=host:port,... and says where this server listens.
func cluster(id, servers string) (raft.Configuration, string, error) {
	var configuration raft.Configuration
	var own string
	for _, text := range strings.Split(servers, ",") {
		name, address, found := strings.Cut(text, "=")
		if !found {
			return configuration, "", fmt.Errorf("-servers: %q is not id=host:port", text)
		}
		if name == id {
			own = address
		}
		configuration.Servers = append(configuration.Servers, raft.Server{
			ID:      raft.ServerID(name),
			Address: raft.ServerAddress(address),
		})
	}
	if own == "" {
		return configuration, "", fmt.Errorf("-id: %q is not in -servers", id)
	}
	return configuration, own, nil
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "hashicorp-raft:", err)
	os.Exit(1)
}
