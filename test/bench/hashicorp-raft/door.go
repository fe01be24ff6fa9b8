package main

import (
	"bufio"
	"encoding/binary"
	"io"
	"net"
	"time"

	"github.com/hashicorp/raft"
)

// What the door answers in its one byte.
const (
	executed  = 0
	notLeader = 1
	failed    = 2
)

// The most bytes of a request.
const maxRequest = 1 << 20

// serve takes requests: the length of the rest in four bytes, a number of the client's in four,
// a command of the store (none: is this the leader?). It answers with the number and one byte,
// in the order of the requests.
func serve(listener net.Listener, node *raft.Raft) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		go attend(connection, node)
	}
}

// answer is owed for one request; a nil future has the status already.
type answer struct {
	number uint32
	status byte
	future raft.ApplyFuture
}

func attend(connection net.Conn, node *raft.Raft) {
	defer connection.Close()
	answers := make(chan answer, 256)
	defer close(answers)
	go reply(connection, answers)
	reader := bufio.NewReader(connection)
	var header [8]byte
	for {
		if _, err := io.ReadFull(reader, header[:]); err != nil {
			return
		}
		length := binary.BigEndian.Uint32(header[:4])
		if length < 4 || length > maxRequest {
			return
		}
		number := binary.BigEndian.Uint32(header[4:])
		command := make([]byte, length-4)
		if _, err := io.ReadFull(reader, command); err != nil {
			return
		}
		if node.State() != raft.Leader {
			answers <- answer{number: number, status: notLeader}
		} else if len(command) == 0 {
			answers <- answer{number: number, status: executed}
		} else {
			answers <- answer{number: number, future: node.Apply(command, 10*time.Second)}
		}
	}
}

func reply(connection net.Conn, answers <-chan answer) {
	writer := bufio.NewWriter(connection)
	var frame [5]byte
	for next := range answers {
		binary.BigEndian.PutUint32(frame[:], next.number)
		frame[4] = statusOf(next)
		writer.Write(frame[:])
		if len(answers) == 0 {
			writer.Flush()
		}
	}
}

func statusOf(next answer) byte {
	if next.future == nil {
		return next.status
	}
	switch err := next.future.Error(); {
	case err == raft.ErrNotLeader || err == raft.ErrLeadershipLost:
		return notLeader
	case err != nil || next.future.Response() != nil:
		return failed
	}
	return executed
}
