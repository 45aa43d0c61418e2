package kernel

// shutdown answers shutdown_request, and tells the other clients. Restarting is up to the one who started
// the process: in both cases Serve returns and the process is to end.
func shutdown(k *Kernel, r *request) any {
	var c shutdownContent
	if bad := parse(r, &c); bad != nil {
		return bad
	}
	c.Status = statusOK
	k.iopub.post("shutdown_reply", r.header, mustEncode(c), nil)
	return c
}
