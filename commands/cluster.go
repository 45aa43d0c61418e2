package commands

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

// A clusterPlan is what `gobraid cluster` is to start.
type clusterPlan struct {
	server  natsOptions
	workers int
	ca      string // of the server's certificate, for the workers that are started here
}

func clusterCommand() *cobra.Command {
	var p clusterPlan
	c := &cobra.Command{
		Use:   "cluster",
		Short: "Start a NATS server, and workers, to run tasks of notebooks elsewhere than in them",
		Long: "Start a NATS server with JetStream, and workers if asked to, until it is interrupted. It prints what to start on other\n" +
			"machines, and what to write in a cell. Nothing of it needs this command: any nats-server with JetStream will do.\n\n" +
			"It listens on loopback, and lets in who knows the token in the URL that it prints, unless told otherwise. An address that\n" +
			"other machines reach needs TLS, and is best given credentials: who gets in can run functions on the workers.",
		Example: "  gobraid cluster --workers 4\n" +
			"  gobraid cluster --listen 192.0.2.7:4222 --store /var/lib/cells --tls-cert server.pem --tls-key server.key",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p.environment()
			return p.run(interruptible(cmd.Context()), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f := c.Flags()
	f.StringVar(&p.server.Listen, "listen", "127.0.0.1:4222", "the address, host:port; port 0 is a free one")
	f.StringVar(&p.server.Store, "store", "", "the folder for what must survive a restart: tasks and the token; default: a temporary one")
	f.IntVar(&p.workers, "workers", 0, "how many workers to start here; each runs a task at a time")
	f.StringVar(&p.server.Config, "config", "", "a configuration file of nats-server, for accounts, nkeys, operators and the like")
	f.StringVar(&p.server.User, "user", "", "the user that clients log in as, or $GOBRAID_NATS_USER")
	f.StringVar(&p.server.Password, "password", "", "the user's password, or $GOBRAID_NATS_PASSWORD")
	f.StringVar(&p.server.Token, "token", "", "the token that clients show, or $GOBRAID_NATS_TOKEN; default: a new one")
	f.StringVar(&p.server.Cert, "tls-cert", "", "the file of the server's certificate")
	f.StringVar(&p.server.Key, "tls-key", "", "the file of its key")
	f.StringVar(&p.server.CA, "tls-client-ca", "", "the file of the authorities of which clients must show a certificate")
	f.StringVar(&p.ca, "tls-ca", "", "the file of the authority of the server's certificate, for the workers that are started here")
	return c
}

// environment takes what was not given as a flag from the environment.
func (p *clusterPlan) environment() {
	for variable, value := range map[string]*string{
		"GOBRAID_NATS_USER": &p.server.User, "GOBRAID_NATS_PASSWORD": &p.server.Password, "GOBRAID_NATS_TOKEN": &p.server.Token,
	} {
		if *value == "" {
			*value = os.Getenv(variable)
		}
		os.Unsetenv(variable)
	}
}

// guard gives a server a token that was given nothing to ask for. Everybody on the machine reaches loopback.
func (p *clusterPlan) guard() (made bool, err error) {
	o := &p.server
	if o.Config != "" || o.User != "" || o.Password != "" || o.Token != "" || o.CA != "" {
		return false, nil
	}
	o.Token = rand.Text()
	if o.Store == "" {
		return true, nil
	}
	if err := os.MkdirAll(o.Store, 0o700); err != nil {
		return false, err
	}
	file := filepath.Join(o.Store, "token")
	if old, err := os.ReadFile(file); err == nil && len(strings.TrimSpace(string(old))) > 0 {
		o.Token = strings.TrimSpace(string(old))
		return true, nil
	}
	return true, os.WriteFile(file, []byte(o.Token+"\n"), 0o600)
}

// run blocks until ctx ends and what it has started has ended, too, or until the server fails.
func (p *clusterPlan) run(ctx context.Context, stdout, stderr io.Writer) error {
	if p.workers < 0 {
		return fmt.Errorf("--workers %d: give 0 or more", p.workers)
	}
	if p.workers > 0 && (p.server.Config != "" || p.server.CA != "") {
		return errors.New("--workers: with --config or --tls-client-ca this command does not know what to log in with: start them with `gobraid worker`, which can be told")
	}
	made, err := p.guard()
	if err != nil {
		return err
	}
	server, err := startNATS(p.server, stderr)
	if err != nil {
		return err
	}
	defer server.close()
	at := server.url
	if made {
		at = withToken(at, p.server.Token)
	}
	p.tell(stdout, at, server.store)
	local, err := p.startWorkers(at, stdout, stderr)
	if err == nil {
		select {
		case <-ctx.Done():
		case <-server.ended:
			err = errors.New("the NATS server has ended; tasks are kept in its store if --store was given: start it again with that")
		}
	}
	local.drain()
	return err
}

// tell prints what users need.
func (p *clusterPlan) tell(w io.Writer, at, store string) {
	kept := "its store " + store + " is removed when it ends"
	if p.server.Store != "" {
		kept = "its store is " + store
	}
	flags := ""
	switch {
	case p.server.User != "":
		flags = " --user " + p.server.User + "  (and the password in GOBRAID_NATS_PASSWORD)"
	case p.server.Config != "":
		flags = "  (and the credentials that " + p.server.Config + " asks for)"
	case p.server.CA != "":
		flags = " --tls-cert FILE --tls-key FILE"
	case !strings.Contains(at, "@"):
		flags = "  (and the token in GOBRAID_NATS_TOKEN)"
	}
	fmt.Fprintf(w, "NATS server at %s; %s\n", at, kept)
	fmt.Fprintf(w, "on a machine that runs tasks:  gobraid worker --nats %s%s\n", at, flags)
	fmt.Fprintf(w, "in a cell:                     pool, err := cluster.Connect(ctx, %q)\n", at)
}

// withToken returns a URL with a token in it.
func withToken(at, token string) string {
	u, err := url.Parse(at)
	if err != nil {
		return at
	}
	u.User = url.User(token)
	return u.String()
}
