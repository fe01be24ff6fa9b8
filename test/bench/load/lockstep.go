package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net"
	"time"
)

// The kinds of frames and requests of Lockstep's client protocol (src/node/codec).
const (
	frameHello       = 1
	frameHelloAnswer = 2
	frameRequest     = 8
	frameResponse    = 9

	requestPropose = 1
	requestStatus  = 3

	outcomeExecuted = 1

	protocolVersion = 2
)

var errFrame = errors.New("the server answers something that is not expected")

// lockstepClient speaks Lockstep's client protocol: frames of a length, a checksum and a body;
// integers with seven bits a byte; texts preceded by twice their length.
type lockstepClient struct {
	connection net.Conn
	reader     *bufio.Reader
	number     uint64
	frame      []byte
}

func connectLockstep(addresses []string, clients int) ([]client, error) {
	leader, err := findLeader(addresses, func(address string) (bool, error) {
		client, err := dialLockstep(address)
		if err != nil {
			return false, err
		}
		defer client.connection.Close()
		answer, err := client.ask(requestStatus, nil)
		if err != nil {
			return false, err
		}
		var status struct{ Role string }
		err = json.Unmarshal(answer, &status)
		return status.Role == "Leader", err
	})
	if err != nil {
		return nil, err
	}
	var connected []client
	for len(connected) < clients {
		client, err := dialLockstep(leader)
		if err != nil {
			return nil, err
		}
		connected = append(connected, client)
	}
	return connected, nil
}

func dialLockstep(address string) (*lockstepClient, error) {
	connection, err := net.DialTimeout("tcp", address, time.Second)
	if err != nil {
		return nil, err
	}
	c := &lockstepClient{connection: connection, reader: bufio.NewReader(connection)}
	body := appendText([]byte{frameHello}, []byte("lockstep"))
	body = binary.AppendUvarint(body, protocolVersion)
	body = append(body, 0) // a client; then the cluster, the name, the server that is meant, and its servers
	for _, text := range []string{"", "load", "", ""} {
		body = appendText(body, []byte(text))
	}
	if err := c.send(body); err != nil {
		return nil, err
	}
	answer, err := c.receive()
	if err != nil {
		return nil, err
	}
	if len(answer) < 2 || answer[0] != frameHelloAnswer || answer[1] != 1 {
		return nil, fmt.Errorf("%s refuses: %q", address, answer)
	}
	return c, nil
}

func (c *lockstepClient) put(key string, value []byte) error {
	command := fmt.Appendf(nil, `{"operation":{"type":"put","key":%q,"value":%q}}`, key, value)
	_, err := c.ask(requestPropose, command)
	return err
}

// ask gives the answer of what was executed, and an error for any other outcome.
func (c *lockstepClient) ask(kind byte, text []byte) ([]byte, error) {
	c.number++
	body := binary.AppendUvarint([]byte{frameRequest}, c.number)
	body = appendText(append(body, kind), text)
	if err := c.send(body); err != nil {
		return nil, err
	}
	answer, err := c.receive()
	if err != nil {
		return nil, err
	}
	return c.outcome(answer)
}

func (c *lockstepClient) outcome(body []byte) ([]byte, error) {
	if len(body) == 0 || body[0] != frameResponse {
		return nil, errFrame
	}
	number, read := binary.Uvarint(body[1:])
	rest := body[1+max(read, 0):]
	if read <= 0 || number != c.number || len(rest) < 2 {
		return nil, errFrame
	}
	if rest[0] != outcomeExecuted {
		return nil, fmt.Errorf("the server answers %q", rest)
	}
	_, read = binary.Uvarint(rest[1:]) // the index
	rest = rest[1+max(read, 0):]
	_, read = binary.Uvarint(rest) // twice the length of the answer
	if read <= 0 {
		return nil, errFrame
	}
	return rest[read:], nil
}

func (c *lockstepClient) send(body []byte) error {
	length := uint32(len(body))
	c.frame = binary.LittleEndian.AppendUint32(c.frame[:0], length)
	c.frame = binary.LittleEndian.AppendUint32(c.frame, crc32.Update(length, crc32.IEEETable, body))
	c.frame = append(c.frame, body...)
	_, err := c.connection.Write(c.frame)
	return err
}

func (c *lockstepClient) receive() ([]byte, error) {
	var header [8]byte
	if _, err := io.ReadFull(c.reader, header[:]); err != nil {
		return nil, err
	}
	body := make([]byte, binary.LittleEndian.Uint32(header[:4]))
	_, err := io.ReadFull(c.reader, body)
	return body, err
}

func appendText(bytes, text []byte) []byte {
	return append(binary.AppendUvarint(bytes, 2*uint64(len(text))), text...)
}
