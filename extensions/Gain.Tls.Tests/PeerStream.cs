namespace Gain.Tls.Tests;

/// <summary>The wire to a <see cref="Peer"/> as a stream: what is written the peer has received when the
/// call returns.</summary>
internal sealed class PeerStream(Peer peer) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int taken = Math.Min(count, peer.Sent.Count);
        peer.Sent.Bytes[..taken].CopyTo(buffer.AsSpan(offset));
        peer.Sent.Take(taken);
        return taken;
    }

    public override void Write(byte[] buffer, int offset, int count) =>
        peer.Receive(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
