using System.Net.Sockets;

namespace Gain.Bench.Peers;

/// <summary>A connection that receives, answers all of it, and receives again.</summary>
internal sealed class EventArgsConnection
{
    private const int BufferBytes = 16_384;

    private readonly Socket _client;
    private readonly bool _isHttp;
    private readonly SocketAsyncEventArgs _receive = new();
    private readonly SocketAsyncEventArgs _send = new();
    private byte[] _answers = [];
    private RequestCounter _requests;

    public EventArgsConnection(Socket client, bool isHttp)
    {
        _client = client;
        _isHttp = isHttp;
        _receive.SetBuffer(new byte[BufferBytes]);
        _receive.Completed += (_, _) => Serve();
        _send.Completed += (_, _) => GoOnSending();
    }

    /// <summary>Waits for bytes.</summary>
    public void Receive()
    {
        if (!_client.ReceiveAsync(_receive))
        {
            Serve();
        }
    }

    private void Serve()
    {
        // What is there at once is served in a loop: a call for each would end the stack.
        do
        {
            if (_receive.SocketError != SocketError.Success || _receive.BytesTransferred == 0)
            {
                _client.Dispose();
                return;
            }

            Memory<byte> answer = Answer(_receive.MemoryBuffer[.._receive.BytesTransferred]);
            if (!answer.IsEmpty && !IsSent(answer))
            {
                return;
            }
        }
        while (!_client.ReceiveAsync(_receive));
    }

    private Memory<byte> Answer(Memory<byte> received)
    {
        if (!_isHttp)
        {
            return received;
        }

        byte[] answer = HttpAnswer.Bytes;
        int count = _requests.Count(received.Span);
        if (_answers.Length < count * answer.Length)
        {
            _answers = new byte[count * answer.Length];
        }

        for (int i = 0; i < count; i++)
        {
            answer.CopyTo(_answers, i * answer.Length);
        }

        return _answers.AsMemory(0, count * answer.Length);
    }

    // Whether all of it went out at once.
    private bool IsSent(Memory<byte> bytes)
    {
        _send.SetBuffer(bytes);
        while (!_client.SendAsync(_send))
        {
            if (_send.SocketError != SocketError.Success)
            {
                _client.Dispose();
                return false;
            }

            if (_send.BytesTransferred == _send.MemoryBuffer.Length)
            {
                return true;
            }

            _send.SetBuffer(_send.MemoryBuffer[_send.BytesTransferred..]);
        }

        return false;
    }

    private void GoOnSending()
    {
        if (_send.SocketError != SocketError.Success)
        {
            _client.Dispose();
            return;
        }

        Memory<byte> rest = _send.MemoryBuffer[_send.BytesTransferred..];
        if (rest.IsEmpty || IsSent(rest))
        {
            Receive();
        }
    }
}
