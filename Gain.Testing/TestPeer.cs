using System.Text;
using Gain.Testing.Rings;

namespace Gain.Testing;

/// <summary>
/// The other end of a connection of a <see cref="TestServer"/>. What it does has arrived when the call
/// returns, and the handler has answered, as far as it could.
/// </summary>
public sealed class TestPeer
{
    private readonly TestServer _server;

    internal TestPeer(TestServer server, ushort port)
    {
        _server = server;
        Socket = new TestSocket(port);
    }

    internal TestSocket Socket { get; }

    /// <summary>
    /// What the server has sent and the peer has read, since the start or the last <see
    /// cref="ClearReceived"/>. Valid until the next action of this peer or the server.
    /// </summary>
    public ReadOnlySpan<byte> Received => Socket.Received.Bytes;

    /// <summary><see cref="Received"/> as UTF-8.</summary>
    public string ReceivedText => Encoding.UTF8.GetString(Socket.Received.Bytes);

    /// <summary>The bytes that it has sent and the server has not taken, as while reading is
    /// paused.</summary>
    public int UnreadBytes => Socket.Input.Count;

    /// <summary>
    /// The bytes that the network takes for the peer while it does not read. The server's sends wait beyond
    /// that. Default: 65,536.
    /// </summary>
    public int WindowBytes
    {
        get => Socket.WindowBytes;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            Socket.WindowBytes = value;
        }
    }

    /// <summary>Whether the peer has read the server's FIN: nothing comes behind <see
    /// cref="Received"/>.</summary>
    public bool HasSeenEnd => Socket.HasServerFin && Socket.Output.Count == 0;

    /// <summary>Whether the server has reset the connection.</summary>
    public bool WasReset => Socket.HasServerReset;

    /// <summary>Whether the server has closed the connection: its socket is gone.</summary>
    public bool IsClosed => Socket.IsClosed;

    /// <summary>Why the connection has ended: what <c>OnClose</c> was given, or would have been. <see
    /// cref="CloseReason.None"/> while it is open, and for one that a limit kept out.</summary>
    public CloseReason CloseReason => Socket.Reason;

    /// <summary>What the handler or the session has thrown, which ended the connection; null
    /// otherwise.</summary>
    public Exception? Fault => Socket.Fault;

    /// <summary>Names the server's connection, as <c>Connection.Handle</c> does.</summary>
    /// <exception cref="InvalidOperationException">There is none: it is closed, or a limit kept it
    /// out.</exception>
    public ConnectionHandle Handle => _server.Worker.HandleOf(Socket);

    /// <summary>
    /// Sends bytes, which arrive in one piece, unless the server's buffers are smaller or it does not read
    /// now. After the server's end of the connection is closed they are lost, and the peer is reset, as TCP
    /// does.
    /// </summary>
    /// <param name="bytes">What to send. Nothing happens when there are none.</param>
    /// <exception cref="InvalidOperationException">The peer has ended its side.</exception>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        _server.DemandIdle();
        if (Socket.HasFin || Socket.IsBroken)
        {
            throw new InvalidOperationException(
                $"The peer cannot send: it has called {(Socket.IsBroken ? nameof(Reset) : nameof(Close))}.");
        }

        if (bytes.IsEmpty)
        {
            return;
        }

        if (Socket.IsClosed)
        {
            Socket.HasServerReset = true;
            return;
        }

        Socket.Input.Add(bytes);
        Act();
    }

    /// <summary>
    /// Ends the peer's side with FIN. It still reads what the server sends. Nothing happens when it has ended
    /// its side before.
    /// </summary>
    public void Close()
    {
        _server.DemandIdle();
        if (!Socket.HasFin && !Socket.IsBroken)
        {
            Socket.HasFin = true;
            Act();
        }
    }

    /// <summary>
    /// Resets the connection: what the peer has not read is lost, and the server's operations fail. Nothing
    /// happens when the server has closed its end.
    /// </summary>
    public void Reset()
    {
        _server.DemandIdle();
        if (!Socket.IsBroken && !Socket.IsClosed)
        {
            Socket.IsBroken = true;
            Socket.Output.Clear();
            Act();
        }
    }

    /// <summary>Stops reading: a slow reader. What is sent fills the network, and then waits at the
    /// server.</summary>
    public void StopReading()
    {
        _server.DemandIdle();
        Socket.IsReading = false;
    }

    /// <summary>Reads some of what has been sent, while the peer has stopped reading.</summary>
    /// <param name="most">The bytes at most.</param>
    /// <returns>How many were there.</returns>
    public int Read(int most)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        _server.DemandIdle();
        int read = 0;
        while (read < most && Socket.Read(most - read) is > 0 and int count)
        {
            read += count;
            Act();
        }

        return read;
    }

    /// <summary>Reads all that was sent, and what will be.</summary>
    public void StartReading()
    {
        _server.DemandIdle();
        _ = Socket.Read(int.MaxValue);
        Socket.IsReading = true;
        Act();
    }

    /// <summary>Forgets what was received, so that the next answer stands alone.</summary>
    public void ClearReceived() => Socket.Received.Clear();

    private void Act()
    {
        _server.Worker.Kernel.RunSocket(Socket);
        _server.Run();
    }
}
