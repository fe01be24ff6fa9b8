package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// traceFiles are what an execution is written to: one file, or a file a server.
type traceFiles struct {
	one      *traceFile
	byServer map[string]*traceFile
	events   int
	actions  map[string]int
}

type traceFile struct {
	file    *os.File
	buffer  *bufio.Writer
	encoder *json.Encoder
}

func openTraceFiles(folder, name string, header traceHeader, aFileAServer bool) (*traceFiles, error) {
	files := &traceFiles{byServer: map[string]*traceFile{}, actions: map[string]int{}}
	if !aFileAServer {
		one, err := openTraceFile(filepath.Join(folder, name+".ndjson"), header)
		files.one = one
		return files, err
	}
	for _, server := range header.Servers {
		header.Server, header.Execution = server, name
		path := filepath.Join(folder, fmt.Sprintf("%s-%s.ndjson", name, server))
		file, err := openTraceFile(path, header)
		if err != nil {
			return nil, err
		}
		files.byServer[server] = file
	}
	return files, nil
}

func openTraceFile(path string, header traceHeader) (*traceFile, error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	buffer := bufio.NewWriter(file)
	encoder := json.NewEncoder(buffer)
	encoder.SetEscapeHTML(false)
	return &traceFile{file, buffer, encoder}, encoder.Encode(header)
}

func (f *traceFiles) write(event *traceEvent) error {
	f.events++
	f.actions[event.Action]++
	if f.one != nil {
		return f.one.encoder.Encode(event)
	}
	return f.byServer[event.Server].encoder.Encode(event)
}

func (f *traceFiles) close() error {
	errs := []error{}
	if f.one != nil {
		errs = append(errs, f.one.buffer.Flush(), f.one.file.Close())
	}
	for _, file := range f.byServer {
		errs = append(errs, file.buffer.Flush(), file.file.Close())
	}
	return errors.Join(errs...)
}
