package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"time"
)

// hashicorpClient speaks the protocol of test/bench/hashicorp-raft/door.go.
type hashicorpClient struct {
	connection net.Conn
	reader     *bufio.Reader
	number     uint32
	frame      []byte
}

func connectHashicorp(addresses []string, clients int) ([]client, error) {
	leader, err := findLeader(addresses, func(address string) (bool, error) {
		client, err := dialHashicorp(address)
		if err != nil {
			return false, err
		}
		defer client.connection.Close()
		status, err := client.ask(nil)
		return status == 0, err
	})
	if err != nil {
		return nil, err
	}
	var connected []client
	for len(connected) < clients {
		client, err := dialHashicorp(leader)
		if err != nil {
			return nil, err
		}
		connected = append(connected, client)
	}
	return connected, nil
}

func dialHashicorp(address string) (*hashicorpClient, error) {
	connection, err := net.DialTimeout("tcp", address, time.Second)
	if err != nil {
		return nil, err
	}
	return &hashicorpClient{connection: connection, reader: bufio.NewReader(connection)}, nil
}

func (c *hashicorpClient) put(key string, value []byte) error {
	command := binary.BigEndian.AppendUint16(make([]byte, 0, 2+len(key)+len(value)), uint16(len(key)))
	command = append(append(command, key...), value...)
	status, err := c.ask(command)
	if err == nil && status != 0 {
		err = fmt.Errorf("the server answers %d", status)
	}
	return err
}

func (c *hashicorpClient) ask(command []byte) (byte, error) {
	c.number++
	c.frame = binary.BigEndian.AppendUint32(c.frame[:0], uint32(4+len(command)))
	c.frame = binary.BigEndian.AppendUint32(c.frame, c.number)
	c.frame = append(c.frame, command...)
	if _, err := c.connection.Write(c.frame); err != nil {
		return 0, err
	}
	var answer [5]byte
	if _, err := io.ReadFull(c.reader, answer[:]); err != nil {
		return 0, err
	}
	if number := binary.BigEndian.Uint32(answer[:]); number != c.number {
		return 0, fmt.Errorf("the answer is to %d, not to %d", number, c.number)
	}
	return answer[4], nil
}
