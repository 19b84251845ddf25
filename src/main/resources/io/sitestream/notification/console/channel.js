// A channel over STOMP 1.2 on a plain WebSocket. It reconnects by itself and goes on behind the last position that it
// has, so whoever listens sees every message once and in order, or is told that this was not possible.

const HEART_BEAT = 10_000;
const LONGEST_PAUSE = 10_000;

const ESCAPES = { '\\c': ':', '\\n': '\n', '\\r': '\r', '\\\\': '\\' };

export class Channel {

	#id;
	#credentials;
	#listener;
	#socket = null;
	#position = null;
	#epoch = null;
	#heard = 0;
	#failures = 0;
	#timers = [];
	#closed = false;

	// listener: { connected(), message(message), refused(text), disconnected(milliseconds) }
	constructor(id, credentials, listener) {
		this.#id = id;
		this.#credentials = credentials;
		this.#listener = listener;
	}

	open() {
		const address = new URL('ws', document.baseURI);
		address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
		const socket = new WebSocket(address, ['v12.stomp']);
		this.#socket = socket;
		let text = '';
		socket.onopen = () => this.#send('CONNECT', { 'accept-version': '1.2', host: location.hostname,
			'heart-beat': `${HEART_BEAT},${HEART_BEAT}`, ...this.#credentials }, false);
		socket.onmessage = (event) => {
			this.#heard = Date.now();
			const frames = (text + event.data).split('\0');
			text = frames.pop();
			frames.forEach((frame) => this.#take(parse(frame)));
		};
		socket.onclose = () => this.#lost(socket);
	}

	close() {
		this.#closed = true;
		this.#clearTimers();
		this.#socket?.close();
	}

	#take(frame) {
		switch (frame.command) {
			case 'CONNECTED':
				this.#subscribe(frame);
				break;
			case 'MESSAGE':
				this.#position = Number(frame.headers.position);
				this.#epoch = frame.headers.epoch;
				this.#listener.message({ position: this.#position, type: frame.headers.type, body: JSON.parse(frame.body) });
				break;
			case 'ERROR':
				this.#closed = true;
				this.#listener.refused(frame.body || frame.headers.message);
				break;
		}
	}

	#subscribe(connected) {
		this.#failures = 0;
		const [, wanted] = (connected.headers['heart-beat'] ?? '0,0').split(',').map(Number);
		this.#heard = Date.now();
		this.#timers.push(setInterval(() => this.#beat(), Math.max(HEART_BEAT, wanted) / 2));
		const start = this.#position === null ? {} : { 'after-position': this.#position, epoch: this.#epoch };
		this.#send('SUBSCRIBE', { id: 'channel', destination: `/channels/${this.#id}`, ...start });
		this.#listener.connected();
	}

	#beat() {
		if (Date.now() - this.#heard > 3 * HEART_BEAT) {
			this.#lost(this.#socket);
		}
		else if (this.#socket.readyState === WebSocket.OPEN) {
			this.#socket.send('\n');
		}
	}

	#lost(socket) {
		if (socket !== this.#socket) {
			return;
		}
		this.#socket = null;
		this.#clearTimers();
		socket.close();
		if (!this.#closed) {
			const pause = Math.min(LONGEST_PAUSE, 250 * 2 ** this.#failures++) * (0.5 + Math.random() / 2);
			this.#listener.disconnected(pause);
			this.#timers.push(setTimeout(() => this.open(), pause));
		}
	}

	#clearTimers() {
		this.#timers.forEach((timer) => { clearInterval(timer); clearTimeout(timer); });
		this.#timers = [];
	}

	#send(command, headers, escaped = true) {
		const lines = Object.entries(headers).map(([name, value]) => `${name}:${escaped ? escape(String(value)) : value}\n`);
		this.#socket.send(`${command}\n${lines.join('')}\n\0`);
	}

}

function parse(text) {
	const start = text.search(/[^\r\n]/);
	const end = text.indexOf('\n\n', start);
	const [command, ...lines] = text.slice(start, end).split('\n');
	const headers = {};
	for (const line of lines) {
		const colon = line.indexOf(':');
		headers[unescape(line.slice(0, colon))] ??= unescape(line.slice(colon + 1));
	}
	return { command, headers, body: text.slice(end + 2) };
}

function escape(value) {
	return value.replace(/[\\\r\n:]/g, (character) => ({ '\\': '\\\\', '\r': '\\r', '\n': '\\n', ':': '\\c' })[character]);
}

function unescape(value) {
	return value.replace(/\\[cnr\\]/g, (sequence) => ESCAPES[sequence]);
}
