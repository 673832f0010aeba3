// node node.js http|echo PORT: the net module of Node.js, one process.
const net = require('net');
const isHttp = process.argv[2] === 'http';
const end = Buffer.from('\r\n\r\n');
let second = -1;
let answer;

function currentAnswer() {
  const now = Math.floor(Date.now() / 1000);
  if (now !== second) {
    second = now;
    answer = Buffer.from('HTTP/1.1 200 OK\r\nServer: bare\r\nContent-Type: text/plain\r\n' +
      `Date: ${new Date().toUTCString()}\r\nContent-Length: 13\r\n\r\nHello, World!`);
  }
  return answer;
}

net.createServer({ noDelay: true }, socket => {
  let rest = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  if (!isHttp) {
    socket.pipe(socket);
    return;
  }
  socket.on('data', data => {
    const all = rest.length > 0 ? Buffer.concat([rest, data]) : data;
    let at = 0;
    let count = 0;
    for (let found; (found = all.indexOf(end, at)) >= 0; at = found + end.length) {
      count++;
    }
    rest = all.subarray(at);
    if (count > 0) {
      socket.write(count === 1 ? currentAnswer() : Buffer.concat(Array(count).fill(currentAnswer())));
    }
  });
}).listen(Number(process.argv[3]), '127.0.0.1', 4096);
