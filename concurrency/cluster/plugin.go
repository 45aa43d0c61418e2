package cluster

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
)

// Functions of cells are in plugins, which the pool's machine has built. To others a plugin is known by its hash and length, and
// fetched by who has it not: as a blob.

// sendFile offers a plugin, and returns what it is called elsewhere.
func (c *core) sendFile(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", fmt.Errorf("cluster: code of a cell: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	if err != nil {
		return "", fmt.Errorf("cluster: code of a cell: %w", err)
	}
	name := hex.EncodeToString(h.Sum(nil)) + "." + strconv.FormatInt(n, 10)
	c.store.putFile(name, file)
	return name, nil
}

// A cache has the plugins that a worker was sent.
type cache struct {
	dir string

	mu      sync.Mutex
	checked map[string]bool
}

// file returns the file of a plugin. It gets it with fetch if it is not there, or not what it should be.
func (c *cache) file(ctx context.Context, name string, fetch func(context.Context, blob) ([]byte, error)) (string, error) {
	sum, length, ok := strings.Cut(name, ".")
	n, err := strconv.ParseUint(length, 10, 64)
	raw, err2 := hex.DecodeString(sum)
	if !ok || errors.Join(err, err2) != nil || len(raw) != sha256.Size {
		return "", fmt.Errorf("cluster: %q is no name of a plugin", name)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	path := filepath.Join(c.dir, sum+".so")
	if c.checked[sum] {
		return path, nil
	}
	if data, err := os.ReadFile(path); err != nil || sha256.Sum256(data) != [sha256.Size]byte(raw) {
		if data, err = fetch(ctx, blob{id: name, length: n, sum: raw}); err != nil {
			return "", fmt.Errorf("code of a cell: %w", err)
		}
		if err := c.write(path, data); err != nil {
			return "", fmt.Errorf("code of a cell cannot be kept: %w", err)
		}
	}
	if c.checked == nil {
		c.checked = map[string]bool{}
	}
	c.checked[sum] = true
	return path, nil
}

// write writes a file that is there as a whole or not at all: another worker may share the directory.
func (c *cache) write(path string, data []byte) error {
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(c.dir, ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
