using System.Net.Sockets;

namespace Gain.Tests.Server;

/// <summary>A parser of the test's own: two digits, so many bytes, and a full stop.</summary>
public sealed class CustomFramingServerTests(GainRing ring) : FramedServerTest(ring)
{
    private protected override int MaxLength => CustomFramingProtocol.MaxLength;

    private protected override GainServer StartFramed(Journal journal, GainOptions? options = null) =>
        Start(new CustomFramingProtocol(journal), options);

    private protected override byte[] Encode(byte[] payload) =>
        [(byte)('0' + (payload.Length / 10)), (byte)('0' + (payload.Length % 10)), .. payload, (byte)'.'];

    private protected override int LongestPayload => MaxLength - 3;

    private protected override int LengthFor(int wanted) => Math.Min(wanted, LongestPayload);

    [Test]
    public Task Rejects_what_can_be_no_message(
        [Values("x", "1x", "01a,")] string bytes, [Values] bool byByte) =>
        AssertRejectsAsync(System.Text.Encoding.ASCII.GetBytes(bytes), ProtocolErrorKind.Malformed, byByte);

    [Test]
    public Task Rejects_a_longer_message([Values] bool byByte) =>
        AssertRejectsAsync(
            [.. "61"u8, .. Clients.Pattern(61, 1), (byte)'.'], ProtocolErrorKind.FrameTooLong, byByte);

    [Test]
    public Task Rejects_a_message_that_must_become_too_long([Values] bool byByte) =>
        AssertRejectsAsync([.. "99"u8, .. new byte[61]], ProtocolErrorKind.FrameTooLong, byByte);

    [TestCase("take nothing", "TryReadFrame returned true and left 12 of 12 bytes")]
    [TestCase("throw", "as asked")]
    public async Task A_parser_that_misbehaves_is_a_fault_of_its_connection(string request, string message)
    {
        var journal = new Journal();
        GainServer server = Start(new MisbehavingParser(journal));
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, System.Text.Encoding.ASCII.GetBytes(request));

        Assert.That((await journal.AwaitAsync(1))[0], Does.StartWith($"close HandlerFault {message}"));
    }
}

/// <summary>Answers each message with its payload and a bar.</summary>
[GainProtocol]
[CustomFraming(MaxFrameLength = MaxLength)]
internal partial struct CustomFramingProtocol(Journal journal)
{
    public const int MaxLength = 63;

    private static bool TryReadFrame(ref ReadOnlySpan<byte> buffer, out ReadOnlySpan<byte> frame)
    {
        frame = default;
        if (buffer[..Math.Min(2, buffer.Length)].IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
        {
            buffer = default;
            return false;
        }

        if (buffer.Length < 2)
        {
            return false;
        }

        int end = 2 + ((buffer[0] - '0') * 10) + (buffer[1] - '0');
        if (buffer.Length <= end)
        {
            return false;
        }

        if (buffer[end] != '.')
        {
            buffer = default;
            return false;
        }

        frame = buffer[2..end];
        buffer = buffer[(end + 1)..];
        return true;
    }

    private static void OnFrame(Connection connection, ReadOnlySpan<byte> payload)
    {
        connection.Send(payload);
        connection.Send("|"u8);
    }

    private readonly void OnProtocolError(Connection connection, ProtocolError error)
    {
        journal.Add($"error {error.Kind} {error.MaxFrameLength}");
        connection.Send("rejected"u8);
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}

/// <summary>A parser that does what no parser may.</summary>
[GainProtocol]
[CustomFraming(MaxFrameLength = 100)]
internal partial struct MisbehavingParser(Journal journal)
{
    private static bool TryReadFrame(ref ReadOnlySpan<byte> buffer, out ReadOnlySpan<byte> frame)
    {
        frame = buffer;
        return buffer[0] == 't' && buffer[1] == 'a'
            ? true
            : throw new InvalidOperationException("as asked");
    }

    private static void OnFrame()
    {
    }

    private readonly void OnClose(Connection connection, CloseReason reason) =>
        journal.Add($"close {reason} {connection.Fault?.Message}");
}
