package kernel

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// The shapes of the messages that the kernel sends, as the messaging specification gives them. Every
// message in every test is held against them. A name ending in ? may be missing; what is not named
// must not be there.
var shapes = map[string]string{
	"status":                `{"execution_state": "busy|idle|starting"}`,
	"execute_input":         `{"code": "string", "execution_count": "number"}`,
	"stream":                `{"name": "stdout|stderr", "text": "string"}`,
	"display_data":          `{"data": "mime", "metadata": "object", "transient": "object"}`,
	"update_display_data":   `{"data": "mime", "metadata": "object", "transient": "object"}`,
	"clear_output":          `{"wait": "bool"}`,
	"execute_result":        `{"execution_count": "number", "data": "mime", "metadata": "object", "transient": "object"}`,
	"error":                 `{"ename": "string", "evalue": "string", "traceback": "strings"}`,
	"iopub_welcome":         `{"subscription": "string"}`,
	"comm_close":            `{"comm_id": "string", "data": "object"}`,
	"input_request":         `{"prompt": "string", "password": "bool"}`,
	"execute_reply":         `{"status": "ok", "execution_count": "number", "payload": "array", "user_expressions": "object"}`,
	"execute_reply error":   `{"status": "error", "ename": "string", "evalue": "string", "traceback": "strings", "execution_count?": "number"}`,
	"execute_reply aborted": `{"status": "aborted", "execution_count": "number"}`,
	"kernel_info_reply": `{"status": "ok", "protocol_version": "string", "implementation": "string",
		"implementation_version": "string", "language_info": "object", "banner": "string", "debugger": "bool",
		"help_links": "array", "supported_features": "strings"}`,
	"complete_reply": `{"status": "ok", "matches": "strings", "cursor_start": "number", "cursor_end": "number",
		"metadata": "object"}`,
	"inspect_reply":     `{"status": "ok", "found": "bool", "data": "mime", "metadata": "object"}`,
	"is_complete_reply": `{"status": "complete|incomplete|invalid|unknown", "indent": "string"}`,
	"history_reply":     `{"status": "ok", "history": "array"}`,
	"comm_info_reply":   `{"status": "ok", "comms": "object"}`,
	"connect_reply": `{"status": "ok", "shell_port": "number", "iopub_port": "number", "stdin_port": "number",
		"control_port": "number", "hb_port": "number"}`,
	"create_subshell_reply": `{"status": "ok", "subshell_id": "string"}`,
	"delete_subshell_reply": `{"status": "ok"}`,
	"list_subshell_reply":   `{"status": "ok", "subshell_id": "strings"}`,
	"interrupt_reply":       `{"status": "ok"}`,
	"shutdown_reply":        `{"status": "ok", "restart": "bool"}`,
	"any error":             `{"status": "error", "ename": "string", "evalue": "string", "traceback": "strings"}`,
}

var (
	mimeType = regexp.MustCompile(`^[\w\-+.]+/[\w\-+.]+$`)
	dateForm = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$`)
)

// checkParts checks frames from the delimiter on and returns the message in them.
func checkParts(t *testing.T, c *codec, frames [][]byte) (Header, Header, map[string]any, map[string]any) {
	t.Helper()
	if len(frames) != 6 || string(frames[0]) != "<IDS|MSG>" {
		t.Fatalf("not the frames of a message: %q", frames)
	}
	if want := hex.EncodeToString(c.sign(frames[2:])); string(frames[1]) != want {
		t.Errorf("signature %s, want %s", frames[1], want)
	}
	var h, parent Header
	var metadata, content map[string]any
	for i, v := range []any{&h, &parent, &metadata, &content} {
		if err := json.Unmarshal(frames[2+i], v); err != nil {
			t.Fatalf("part %d: %v", i, err)
		}
	}
	if h.ID == "" || h.Session == "" || h.Username == "" || h.Version != "5.5" || !dateForm.MatchString(h.Date) {
		t.Errorf("header %+v", h)
	}
	if d := time.Since(h.time()); d < 0 || d > time.Hour {
		t.Errorf("header date %s is %v away", h.Date, d)
	}
	if err := checkContent(h.Type, content); err != nil {
		t.Errorf("%s %s: %v", h.Type, frames[5], err)
	}
	return h, parent, metadata, content
}

func checkContent(kind string, content map[string]any) error {
	text, ok := shapes[kind]
	if status, _ := content["status"].(string); status == "error" || status == "aborted" {
		if text, ok = shapes[kind+" "+status]; !ok {
			text, ok = shapes["any "+status]
		}
	}
	if !ok {
		return fmt.Errorf("no shape is known for it")
	}
	var shape map[string]string
	if err := json.Unmarshal([]byte(text), &shape); err != nil {
		return err
	}
	seen := 0
	for name, want := range shape {
		name, optional := strings.CutSuffix(name, "?")
		value, ok := content[name]
		if !ok && optional {
			continue
		}
		if !fits(value, want) {
			return fmt.Errorf("%s is %v, want %s", name, value, want)
		}
		seen++
	}
	if seen != len(content) {
		return fmt.Errorf("%d fields that are not in the shape", len(content)-seen)
	}
	return nil
}

// fits tells whether a value is of the form a shape wants.
func fits(value any, want string) bool {
	switch v := value.(type) {
	case string:
		return want == "string" || slices.Contains(strings.Split(want, "|"), v)
	case float64:
		return want == "number"
	case bool:
		return want == "bool"
	case []any:
		return want == "array" || want == "strings" && !slices.ContainsFunc(v, func(e any) bool { _, ok := e.(string); return !ok })
	case map[string]any:
		if want != "mime" {
			return want == "object"
		}
		for name := range v {
			if !mimeType.MatchString(name) {
				return false
			}
		}
		return true
	}
	return false
}

// The checker itself must be able to refuse.
func TestShapes(t *testing.T) {
	for _, test := range []struct {
		kind, content string
		ok            bool
	}{
		{"status", `{"execution_state": "busy"}`, true},
		{"status", `{"execution_state": "bored"}`, false},
		{"status", `{}`, false},
		{"status", `{"execution_state": "busy", "more": 1}`, false},
		{"display_data", `{"data": {"text/plain": "x"}, "metadata": {}, "transient": {}}`, true},
		{"display_data", `{"data": {"plain": "x"}, "metadata": {}, "transient": {}}`, false},
		{"display_data", `{"data": null, "metadata": {}, "transient": {}}`, false},
		{"error", `{"ename": "", "evalue": "", "traceback": ["a"]}`, true},
		{"error", `{"ename": "", "evalue": "", "traceback": [1]}`, false},
		{"error", `{"ename": "", "evalue": "", "traceback": null}`, false},
		{"history_reply", `{"status": "error", "ename": "", "evalue": "", "traceback": []}`, true},
		{"unheard_of", `{}`, false},
	} {
		var content map[string]any
		if err := json.Unmarshal([]byte(test.content), &content); err != nil {
			t.Fatal(err)
		}
		if err := checkContent(test.kind, content); (err == nil) != test.ok {
			t.Errorf("%s %s: %v", test.kind, test.content, err)
		}
	}
}
