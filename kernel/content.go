package kernel

// The contents of messages, one type each, fields as the protocol names them.

type status string

const (
	statusOK      status = "ok"
	statusError   status = "error"
	statusAborted status = "aborted"
)

// okReply is the whole of a reply that says nothing but that all went well.
type okReply struct {
	Status status `json:"status"`
}

// errorReply is the reply to any request that failed.
type errorReply struct {
	Status    status   `json:"status"`
	Name      string   `json:"ename"`
	Value     string   `json:"evalue"`
	Traceback []string `json:"traceback"`
}

type errorContent struct {
	Name      string   `json:"ename"`
	Value     string   `json:"evalue"`
	Traceback []string `json:"traceback"`
}

type statusContent struct {
	State string `json:"execution_state"`
}

type streamContent struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

type dataContent struct {
	Count     *int           `json:"execution_count,omitempty"` // of an execute_result only
	Data      map[string]any `json:"data"`
	Metadata  map[string]any `json:"metadata"`
	Transient map[string]any `json:"transient"`
}

type clearContent struct {
	Wait bool `json:"wait"`
}

type executeInput struct {
	Code  string `json:"code"`
	Count int    `json:"execution_count"`
}

type executeRequest struct {
	Code         string            `json:"code"`
	Silent       bool              `json:"silent"`
	StoreHistory *bool             `json:"store_history"`
	Expressions  map[string]string `json:"user_expressions"`
	AllowStdin   *bool             `json:"allow_stdin"`
	StopOnError  *bool             `json:"stop_on_error"`
}

// abortedReply answers an execute_request that was not executed because an earlier one failed.
type abortedReply struct {
	Status status `json:"status"`
	Count  int    `json:"execution_count"`
}

type executeReply struct {
	Status      status         `json:"status"`
	Count       int            `json:"execution_count"`
	Payload     []any          `json:"payload"`
	Expressions map[string]any `json:"user_expressions"`
}

type executeErrorReply struct {
	errorReply
	Count int `json:"execution_count"`
}

type expressionReply struct {
	Status   status         `json:"status"`
	Data     map[string]any `json:"data"`
	Metadata map[string]any `json:"metadata"`
}

type kernelInfoReply struct {
	Status                status       `json:"status"`
	ProtocolVersion       string       `json:"protocol_version"`
	Implementation        string       `json:"implementation"`
	ImplementationVersion string       `json:"implementation_version"`
	LanguageInfo          languageInfo `json:"language_info"`
	Banner                string       `json:"banner"`
	Debugger              bool         `json:"debugger"`
	HelpLinks             []helpLink   `json:"help_links"`
	SupportedFeatures     []string     `json:"supported_features"`
}

type languageInfo struct {
	Name           string `json:"name"`
	Version        string `json:"version"`
	MIMEType       string `json:"mimetype"`
	FileExtension  string `json:"file_extension"`
	PygmentsLexer  string `json:"pygments_lexer"`
	CodeMirrorMode string `json:"codemirror_mode"`
}

type helpLink struct {
	Text string `json:"text"`
	URL  string `json:"url"`
}

type codeRequest struct {
	Code   string `json:"code"`
	Cursor *int   `json:"cursor_pos"`
	Detail int    `json:"detail_level"`
}

// cursor returns the position in code points; a request without one means the end of the code.
func (c codeRequest) cursor() int {
	n := len([]rune(c.Code))
	if c.Cursor == nil || *c.Cursor > n {
		return n
	}
	return max(0, *c.Cursor)
}

type completeReply struct {
	Status   status         `json:"status"`
	Matches  []string       `json:"matches"`
	Start    int            `json:"cursor_start"`
	End      int            `json:"cursor_end"`
	Metadata map[string]any `json:"metadata"`
}

type inspectReply struct {
	Status   status         `json:"status"`
	Found    bool           `json:"found"`
	Data     map[string]any `json:"data"`
	Metadata map[string]any `json:"metadata"`
}

type isCompleteReply struct {
	Status string `json:"status"`
	Indent string `json:"indent"`
}

type historyRequest struct {
	Output  bool   `json:"output"`
	Access  string `json:"hist_access_type"`
	Session int    `json:"session"`
	Start   int    `json:"start"`
	Stop    *int   `json:"stop"`
	N       *int   `json:"n"`
	Pattern string `json:"pattern"`
	Unique  bool   `json:"unique"`
}

type historyReply struct {
	Status  status   `json:"status"`
	History [][3]any `json:"history"`
}

type commInfoReply struct {
	Status status         `json:"status"`
	Comms  map[string]any `json:"comms"`
}

type commContent struct {
	ID   string         `json:"comm_id"`
	Data map[string]any `json:"data"`
}

type connectReply struct {
	Status        status `json:"status"`
	ShellPort     int    `json:"shell_port"`
	IOPubPort     int    `json:"iopub_port"`
	StdinPort     int    `json:"stdin_port"`
	ControlPort   int    `json:"control_port"`
	HeartbeatPort int    `json:"hb_port"`
}

type shutdownContent struct {
	Status  status `json:"status,omitempty"` // of the reply
	Restart bool   `json:"restart"`
}

// subshellReply answers the request for a new subshell.
type subshellReply struct {
	Status status `json:"status"`
	ID     string `json:"subshell_id"`
}

type subshellContent struct {
	ID string `json:"subshell_id"`
}

type subshellList struct {
	Status status   `json:"status"`
	IDs    []string `json:"subshell_id"`
}

type inputRequest struct {
	Prompt   string `json:"prompt"`
	Password bool   `json:"password"`
}

type inputReply struct {
	Value string `json:"value"`
}

type welcomeContent struct {
	Subscription string `json:"subscription"`
}
