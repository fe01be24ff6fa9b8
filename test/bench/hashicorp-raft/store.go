package main

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"sync"

	"github.com/hashicorp/raft"
)

// store is the replicated state machine: a map. A command is the length of the key in two
// bytes, the key, and the value.
type store struct {
	mutex  sync.RWMutex
	values map[string][]byte
}

var errMalformed = errors.New("the command makes no sense")

func (s *store) Apply(entry *raft.Log) interface{} {
	command := entry.Data
	if len(command) < 2 {
		return errMalformed
	}
	end := 2 + int(binary.BigEndian.Uint16(command))
	if len(command) < end {
		return errMalformed
	}
	s.mutex.Lock()
	s.values[string(command[2:end])] = command[end:]
	s.mutex.Unlock()
	return nil
}

func (s *store) Snapshot() (raft.FSMSnapshot, error) {
	s.mutex.RLock()
	defer s.mutex.RUnlock()
	values := make(snapshot, len(s.values))
	for key, value := range s.values {
		values[key] = value
	}
	return values, nil
}

func (s *store) Restore(from io.ReadCloser) error {
	defer from.Close()
	values := snapshot{}
	if err := json.NewDecoder(from).Decode(&values); err != nil {
		return err
	}
	s.mutex.Lock()
	s.values = values
	s.mutex.Unlock()
	return nil
}

type snapshot map[string][]byte

func (s snapshot) Persist(sink raft.SnapshotSink) error {
	if err := json.NewEncoder(sink).Encode(s); err != nil {
		sink.Cancel()
		return err
	}
	return sink.Close()
}

func (s snapshot) Release() {}
