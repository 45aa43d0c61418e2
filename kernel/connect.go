package kernel

// connectInfo answers connect_request, which is out of use but in the protocol.
func connectInfo(k *Kernel, _ *request) any {
	return connectReply{
		Status:        statusOK,
		ShellPort:     k.info.ShellPort,
		IOPubPort:     k.info.IOPubPort,
		StdinPort:     k.info.StdinPort,
		ControlPort:   k.info.ControlPort,
		HeartbeatPort: k.info.HeartbeatPort,
	}
}
