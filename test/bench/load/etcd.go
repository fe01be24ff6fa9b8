package main

import (
	"context"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"
)

// etcdClient is etcd's own client. Several share a connection, as etcd's own benchmark does it,
// since requests are multiplexed over one; that is faster for etcd than a connection each.
type etcdClient struct {
	shared *clientv3.Client
}

// The clients that share a connection.
const clientsByConnection = 10

func connectEtcd(addresses []string, clients int) ([]client, error) {
	leader, err := findLeader(addresses, func(address string) (bool, error) {
		client, err := dialEtcd(address)
		if err != nil {
			return false, err
		}
		defer client.Close()
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		status, err := client.Status(ctx, address)
		if err != nil {
			return false, err
		}
		return status.Leader != 0 && status.Leader == status.Header.MemberId, nil
	})
	if err != nil {
		return nil, err
	}
	var connected []client
	var shared *clientv3.Client
	for len(connected) < clients {
		if len(connected)%clientsByConnection == 0 {
			if shared, err = dialEtcd(leader); err != nil {
				return nil, err
			}
		}
		connected = append(connected, etcdClient{shared})
	}
	return connected, nil
}

func dialEtcd(address string) (*clientv3.Client, error) {
	return clientv3.New(clientv3.Config{
		Endpoints:   []string{address},
		DialTimeout: time.Second,
		Logger:      zap.NewNop(),
	})
}

func (c etcdClient) put(key string, value []byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_, err := c.shared.Put(ctx, key, string(value))
	return err
}
