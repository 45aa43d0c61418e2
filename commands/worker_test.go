package commands

import (
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/gobraid-nats/server"
)

// worker runs the command and returns its error.
func runWorker(t *testing.T, args ...string) error {
	t.Helper()
	c := workerCommand()
	c.SetArgs(args)
	c.SetOut(io.Discard)
	c.SilenceErrors, c.SilenceUsage = true, true
	return c.ExecuteContext(t.Context())
}

func TestWorkerRefuses(t *testing.T) {
	s, err := server.Start(server.Options{Token: "right"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	gone, err := server.Start(server.Options{})
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"nowhere":     {nil, "where is the NATS server? Give --nats URL"},
		"no server":   {[]string{"--nats", gone.URL()}, gone.URL() + ": nats: no servers available for connection: no NATS server answers there: start one"},
		"no token":    {[]string{"--nats", s.URL()}, "was shown none"},
		"wrong token": {[]string{"--nats", s.URL(), "--token", "wrong"}, "it was shown a token and lets nobody in with that"},
		"no slots":    {[]string{"--nats", s.URL(), "--concurrency", "0"}, "at least one task at a time"},
		"half a user": {[]string{"--nats", s.URL(), "--user", "u"}, "--password or GOBRAID_NATS_PASSWORD"},
		"half a cert": {[]string{"--nats", s.URL(), "--tls-cert", "x"}, "--tls-cert and --tls-key"},
		"no file":     {[]string{"--nats", s.URL(), "--creds", "/no/such/file"}, "/no/such/file"},
		"bad label":   {[]string{"--nats", s.URL(), "--labels", "gpu"}, `"gpu" is not a label: write key=value`},
		"two labels":  {[]string{"--nats", s.URL(), "--labels", "gpu=yes,gpu=no"}, "gpu is both yes and no"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := runWorker(t, c.args...); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v\nwant it to say %s", err, c.want)
			} else if strings.Contains(err.Error(), "wrong token") {
				t.Errorf("it tells the token: %v", err)
			}
		})
	}
}

func TestNATSFlagsFromEnvironment(t *testing.T) {
	var f natsFlags
	t.Setenv(natsURL, "nats://127.0.0.1:1")
	for _, s := range f.settings() {
		t.Setenv(s.variable, "of "+s.flag)
	}
	f.token = "given"
	f.read()
	for _, s := range f.settings() {
		want := "of " + s.flag
		if s.flag == "token" {
			want = "given"
		}
		if *s.value != want {
			t.Errorf("--%s is %q, want %q", s.flag, *s.value, want)
		}
		if _, there := os.LookupEnv(s.variable); there {
			t.Errorf("tasks would see %s", s.variable)
		}
	}
	if f.url != "nats://127.0.0.1:1" {
		t.Errorf("the URL is %q", f.url)
	}
}

func TestParseLabels(t *testing.T) {
	got, err := parseLabels([]string{"gpu=yes", "zone=a", "gpu=yes"})
	if want := []string{"gpu=yes", "zone=a"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	for _, bad := range []string{"", "=", "a=", "=b", "a b=c", "a=b.c", "a=*", "a=b=c"} {
		if got, err := parseLabels([]string{bad}); err == nil {
			t.Errorf("%q is taken for %v", bad, got)
		}
	}
}
