package commands

import (
	"errors"
	"os"

	"github.com/spf13/cobra"

	"github.com/gobraid/gobraid/concurrency/cluster"
)

// natsFlags say where a NATS server is, and what to show it. What is not given as a flag is taken from the environment, which
// other users of the machine do not see.
type natsFlags struct {
	url, user, password, token, creds, nkey, ca, cert, key string
}

// natsSettings are the flags, with what they are called in the environment.
func (f *natsFlags) settings() []natsSetting {
	return []natsSetting{
		{"user", "GOBRAID_NATS_USER", &f.user, "the user"},
		{"password", "GOBRAID_NATS_PASSWORD", &f.password, "the user's password"},
		{"token", "GOBRAID_NATS_TOKEN", &f.token, "the token"},
		{"creds", "GOBRAID_NATS_CREDS", &f.creds, "the file with a JWT and the seed that belongs to it"},
		{"nkey", "GOBRAID_NATS_NKEY", &f.nkey, "the file with the seed of an nkey"},
		{"tls-ca", "GOBRAID_NATS_CA", &f.ca, "the file of the authorities that sign for the server; default: those of the system"},
		{"tls-cert", "GOBRAID_NATS_CERT", &f.cert, "the file of the certificate to show"},
		{"tls-key", "GOBRAID_NATS_KEY", &f.key, "the file of its key"},
	}
}

type natsSetting struct {
	flag, variable string
	value          *string
	use            string
}

// natsURL is the variable that gives the server's URL.
const natsURL = "GOBRAID_NATS"

func (f *natsFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&f.url, "nats", "", "the URL of the NATS server, or several with commas between, or $"+natsURL)
	for _, s := range f.settings() {
		c.Flags().StringVar(s.value, s.flag, "", s.use+", or $"+s.variable)
	}
}

// read takes from the environment what was not given as a flag. All of it is taken out of the environment: tasks have no use for it.
func (f *natsFlags) read() {
	take := func(variable string, value *string) {
		if *value == "" {
			*value = os.Getenv(variable)
		}
		os.Unsetenv(variable)
	}
	take(natsURL, &f.url)
	for _, s := range f.settings() {
		take(s.variable, s.value)
	}
}

// server returns the server that the flags describe.
func (f *natsFlags) server() (*cluster.Server, error) {
	f.read()
	switch {
	case f.url == "":
		return nil, errors.New("where is the NATS server? Give --nats URL, as `gobraid cluster` prints it, or set " + natsURL)
	case (f.user == "") != (f.password == ""):
		return nil, errors.New("a user and a password belong together: give --user, and --password or GOBRAID_NATS_PASSWORD")
	case (f.cert == "") != (f.key == ""):
		return nil, errors.New("a certificate and its key belong together: give --tls-cert and --tls-key")
	}
	s := cluster.At(f.url)
	if f.user != "" {
		s.WithUser(f.user, f.password)
	}
	if f.token != "" {
		s.WithToken(f.token)
	}
	if f.creds != "" {
		s.WithCredentials(f.creds)
	}
	if f.nkey != "" {
		s.WithNKey(f.nkey)
	}
	if f.ca != "" {
		s.WithCA(f.ca)
	}
	if f.cert != "" {
		s.WithCertificate(f.cert, f.key)
	}
	return s, nil
}
