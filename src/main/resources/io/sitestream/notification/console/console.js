// The console: imports a contacts file and shows what its channel says about it.

import { Channel } from './channel.js';

const CHANNEL_KEY = 'sitestream.channel';
const ACCOUNT_KEY = 'sitestream.account';
const FILES_KEY = 'sitestream.files';
const MOST_FRAMES = 500;
const FINAL = { COMPLETED: 'Completed', FAILED: 'Failed', UNDONE: 'Undone' };
const STATES = { RUNNING: 'Running', UNDOING: 'Being undone', ...FINAL };

const $ = (id) => document.getElementById(id);
const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const cards = new Map();
const files = new Map(JSON.parse(sessionStorage.getItem(FILES_KEY) ?? '[]'));

let channel = null;

function channelId() {
	let id = sessionStorage.getItem(CHANNEL_KEY);
	if (!id) {
		const bytes = crypto.getRandomValues(new Uint8Array(16));
		id = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
		sessionStorage.setItem(CHANNEL_KEY, id);
	}
	return id;
}

function credentials() {
	const token = $('token').value.trim();
	const account = $('account').value.trim();
	return token ? { Authorization: `Bearer ${token}` } : account ? { 'Account-Id': account } : {};
}

function listen() {
	channel?.close();
	cards.clear();
	$('imports').replaceChildren();
	$('frames').replaceChildren(emptyRow());
	$('channel').textContent = channelId();
	show('waiting', 'Connecting …');
	return new Promise((connected, refused) => {
		channel = new Channel(channelId(), credentials(), {
			connected: () => { show('on', 'Connected'); connected(); },
			disconnected: (pause) => show('waiting', `Connection lost, next try in ${(pause / 1000).toFixed(1)} s`),
			refused: (text) => { show('off', text); $('who').open = true; refused(new Error(text)); },
			message: take
		});
		channel.open();
	});
}

function show(light, text) {
	$('connection-light').className = light;
	$('connection').textContent = text;
}

function take({ position, type, body }) {
	if (type === 'continuity-lost') {
		row(position, `Continuity lost (${body.reason}): what follows is all that is kept`, null);
		return;
	}
	row(position, type, body?.rows);
	if (body?.importId) {
		render(body);
	}
}

function done(rows) {
	return rows.created + rows.updated + rows.unchanged + rows.skipped + rows.rejected;
}

function emptyRow() {
	const line = document.createElement('tr');
	line.className = 'empty';
	const cell = line.insertCell();
	cell.colSpan = 4;
	cell.textContent = 'Nothing yet.';
	return line;
}

function row(position, text, rows) {
	const frames = $('frames');
	frames.querySelector('.empty')?.remove();
	const line = frames.insertRow(0);
	const cells = [position, text, rows ? numbers.format(done(rows)) : '', rows ? numbers.format(rows.rejected) : ''];
	cells.forEach((value) => { line.insertCell().textContent = value; });
	while (frames.rows.length > MOST_FRAMES) {
		frames.deleteRow(-1);
	}
}

function card(importId) {
	if (!cards.has(importId)) {
		const article = $('import-card').content.firstElementChild.cloneNode(true);
		article.querySelector('h2').textContent = files.get(importId) ?? `Import ${importId}`;
		article.querySelector('.rejections').addEventListener('click', () => download(importId));
		cards.set(importId, article);
		$('imports').prepend(article);
	}
	return cards.get(importId);
}

function render({ importId, state, rows, batches, problem, startedAt, finishedAt }) {
	const article = card(importId);
	const ended = state in FINAL;
	article.dataset.state = state;
	const name = STATES[state] ?? state;
	if (article.querySelector('.state').textContent !== name) {
		article.querySelector('.state').textContent = name;
	}
	const bar = article.querySelector('progress');
	if (rows.total === null || rows.total === undefined) {
		ended ? (bar.value = 0) : bar.removeAttribute('value');
	}
	else {
		bar.max = Math.max(1, rows.total);
		bar.value = rows.total === 0 ? 1 : done(rows);
	}
	const total = rows.total ?? null;
	const batchText = batches?.total ? `, ${numbers.format(batches.completed)} of ${numbers.format(batches.total)} batches` : '';
	const time = ended && startedAt && finishedAt ? `, in ${duration(startedAt, finishedAt)}` : '';
	article.querySelector('.summary').textContent = total === null
		? `${numbers.format(done(rows))} rows so far`
		: `${numbers.format(done(rows))} of ${numbers.format(total)} rows${batchText}${time}`;
	for (const cell of article.querySelectorAll('[data-count]')) {
		cell.textContent = numbers.format(rows[cell.dataset.count]);
	}
	const text = article.querySelector('.problem');
	text.hidden = !problem;
	text.textContent = problem ? `${problem.title}: ${problem.detail}` : '';
	article.querySelector('.rejections').hidden = !(ended && rows.rejected > 0);
}

function duration(start, end) {
	return `${numbers.format(Math.max(0, (new Date(end) - new Date(start)) / 1000))} s`;
}

async function download(importId) {
	const answer = await fetch(`api/contact-imports/${importId}/rejections`, { headers: credentials() });
	if (!answer.ok) {
		$('upload').textContent = await problemIn(await answer.text(), answer.status);
		return;
	}
	const link = document.createElement('a');
	link.href = URL.createObjectURL(await answer.blob());
	link.download = `rejections-${importId}.csv`;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function problemIn(text, status) {
	try {
		const { title, detail } = JSON.parse(text);
		return `${title}: ${detail}`;
	}
	catch {
		return `The server answered ${status}.`;
	}
}

function contentType(file) {
	return /\.(vcf|vcard)$/i.test(file.name) ? 'text/vcard' : 'text/csv';
}

// XMLHttpRequest, since fetch does not tell how much has been sent
function upload(file) {
	const query = new URLSearchParams({ channelId: channelId(), onDuplicate: $('on-duplicate').value });
	if ($('region').value) {
		query.set('defaultRegion', $('region').value.toUpperCase());
	}
	const request = new XMLHttpRequest();
	request.open('POST', `api/contact-imports?${query}`);
	request.setRequestHeader('Content-Type', contentType(file));
	Object.entries(credentials()).forEach(([name, value]) => request.setRequestHeader(name, value));
	request.upload.onprogress = ({ loaded, total }) => {
		$('upload').textContent = `Sent ${Math.round(100 * loaded / Math.max(1, total))} % of the file`;
	};
	return new Promise((sent, failed) => {
		request.onload = () => {
			const importId = request.getResponseHeader('Location')?.split('/').pop();
			if (importId) {
				files.set(importId, file.name);
				sessionStorage.setItem(FILES_KEY, JSON.stringify([...files]));
				if (cards.has(importId)) {
					card(importId).querySelector('h2').textContent = file.name;
				}
			}
			request.status === 202 ? sent() : failed(new Error(problemIn(request.responseText, request.status)));
		};
		request.onerror = () => failed(new Error('The connection broke while the file was sent.'));
		request.send(file);
	});
}

$('import').addEventListener('submit', async (event) => {
	event.preventDefault();
	$('start').disabled = true;
	$('upload').className = '';
	try {
		await upload($('file').files[0]);
		$('upload').textContent = 'The file is sent. You may close this page, the import goes on.';
	}
	catch (failure) {
		$('upload').className = 'failed';
		$('upload').textContent = failure.message;
	}
	finally {
		$('start').disabled = false;
	}
});

$('account').value = sessionStorage.getItem(ACCOUNT_KEY) ?? '';
for (const field of [$('account'), $('token')]) {
	field.addEventListener('change', () => {
		sessionStorage.setItem(ACCOUNT_KEY, $('account').value.trim());
		// a channel belongs to one account
		sessionStorage.removeItem(CHANNEL_KEY);
		listen().catch(() => {});
	});
}
listen().catch(() => {});
