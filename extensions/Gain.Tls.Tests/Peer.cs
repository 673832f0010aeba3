using System.Text;

namespace Gain.Tls.Tests;

/// <summary>One end: a session, what it has sent, and what it was given as plaintext.</summary>
internal sealed class Peer : IDisposable
{
    private readonly byte[] _plain = new byte[16384];
    private readonly bool _ownsWindow;
    private readonly TlsWindow _window;

    internal Peer(
        TlsContext context, string? host = null, TlsResumption? resumption = null, TlsWindow? window =
            null, long tag = 0, ResumptionTarget target = default)
    {
        _ownsWindow = window is null;
        _window = window ?? new TlsWindow();
        Session.Start(context, _window, tag, host, resumption, target);
    }

    internal TlsSession Session { get; } = new();

    internal Wire Sent { get; } = new();

    internal MemoryStream Received { get; } = new();

    internal TlsStatus Status { get; private set; }

    internal int Handshakes { get; private set; }

    internal string ReceivedText => Encoding.UTF8.GetString(Received.ToArray());

    /// <summary>Gives what the other has sent to the session, until it wants no more. The rest is
    /// returned.</summary>
    internal int Receive(ReadOnlySpan<byte> bytes = default)
    {
        var output = new WireOutput(Sent);
        do
        {
            Status = Session.Receive(ref bytes, _plain, ref output, out int count);
            Received.Write(_plain.AsSpan(0, count));
            Handshakes += Status == TlsStatus.Handshaken ? 1 : 0;
        }
        while (Status is TlsStatus.Data or TlsStatus.Handshaken);
        return bytes.Length;
    }

    internal TlsStatus Send(string text) => Send(Encoding.UTF8.GetBytes(text));

    internal TlsStatus Send(ReadOnlySpan<byte> bytes)
    {
        var output = new WireOutput(Sent);
        return Session.Send(bytes, ref output);
    }

    internal void Close()
    {
        var output = new WireOutput(Sent);
        Session.Close(ref output);
    }

    internal bool UpdateKeys()
    {
        var output = new WireOutput(Sent);
        return Session.UpdateKeys(ref output);
    }

    public void Dispose()
    {
        Session.End();
        if (_ownsWindow)
        {
            _window.Dispose();
        }

        Received.Dispose();
    }
}
