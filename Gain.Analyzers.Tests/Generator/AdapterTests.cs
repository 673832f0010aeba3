using Gain.CompilerServices;

namespace Gain.Tests.Generator;

/// <summary>The adapters that the generator emitted for protocols of this project, called.</summary>
public sealed partial class AdapterTests
{
    [Test]
    public void Pass_the_arguments_to_the_callbacks()
    {
        var handler = new Recorder { Calls = [] };
        CallAll(ref handler, [1, 2, 3]);

        Assert.That(handler.Calls, Is.EqualTo(new[]
        {
            "Accept",
            "Read 1 2 3",
            "Write 7",
            "Drained",
            "ReadClosed",
            "ProtocolError MalformedLength 9",
            "Close Reset",
        }));
    }

    [Test]
    public void Call_the_handler_itself_and_not_a_copy()
    {
        var handler = new Counter();
        CallAll(ref handler, [1, 2, 3]);

        Assert.That(handler.Writes, Is.EqualTo(7));
        Assert.That(handler.Reads, Is.EqualTo(3));
    }

    [Test]
    public void Tell_how_a_dial_has_ended()
    {
        var handler = new Dialled { Calls = [] };
        Dial(ref handler);

        Assert.That(handler.Calls, Is.EqualTo(new[] { "Connect", "ConnectFailed 0" }));
    }

    [Test]
    public void Tell_how_a_socket_for_datagrams_has_ended()
    {
        var handler = new Ended { Calls = [] };
        End(ref handler);

        Assert.That(handler.Calls, Is.EqualTo(new[] { "None 0" }));
    }

    private static void End<TProtocol>(ref TProtocol handler)
        where TProtocol : struct, IProtocol<TProtocol>
    {
        Assert.That(TProtocol.Declared, Is.EqualTo(Callbacks.DatagramClosed));
        TProtocol.DatagramClosed(ref handler, default);
    }

    [GainProtocol]
    internal partial struct Ended
    {
        public List<string> Calls;

        private readonly void OnDatagramClosed(DatagramEnd end) => Calls.Add($"{end.Reason} {end.Errno}");
    }

    private static void Dial<TProtocol>(ref TProtocol handler)
        where TProtocol : struct, IProtocol<TProtocol>
    {
        Assert.That(TProtocol.Declared, Is.EqualTo(Callbacks.Connect | Callbacks.ConnectFailed));
        TProtocol.Connect(ref handler, default);
        TProtocol.ConnectFailed(ref handler, default, default);
    }

    [GainProtocol]
    internal partial struct Dialled
    {
        public List<string> Calls;

        private readonly void OnConnect() => Calls.Add("Connect");

        private readonly void OnConnectFailed(ConnectFailure failure) =>
            Calls.Add($"ConnectFailed {failure.Errno}");
    }

    [Test]
    public void Return_what_OnRead_consumed()
    {
        var half = new Half();
        var recorder = new Recorder { Calls = [] };

        Assert.That(Read(ref half, new byte[10]), Is.EqualTo(5));
        Assert.That(Read(ref recorder, new byte[10]), Is.EqualTo(10));
    }

    [Test]
    public void Discard_what_nobody_reads()
    {
        var handler = new Silent();
        CallAll(ref handler, [1]);

        Assert.That(Read(ref handler, new byte[10]), Is.EqualTo(10));
        Assert.That(Read(ref handler, []), Is.Zero);
    }

    [Test]
    public void Let_exceptions_through()
    {
        var handler = new Recorder();

        Assert.That(() => CallAll(ref handler, []), Throws.TypeOf<NullReferenceException>());
    }

    [Test]
    public void Declare_the_callbacks()
    {
        Assert.That(DeclaredBy<Silent>(), Is.EqualTo(Callbacks.None));
        Assert.That(DeclaredBy<Half>(), Is.EqualTo(Callbacks.ReadPartial));
        Assert.That(DeclaredBy<Counter>(), Is.EqualTo(Callbacks.Read | Callbacks.Write));
        Assert.That(DeclaredBy<Recorder>(), Is.EqualTo(
            Callbacks.Accept | Callbacks.Read | Callbacks.Write | Callbacks.Drained | Callbacks.ReadClosed
            | Callbacks.ProtocolError | Callbacks.Close));
    }

    private static Callbacks DeclaredBy<T>()
        where T : struct, IProtocol<T> => T.Declared;

    private static int Read<T>(ref T handler, ReadOnlySpan<byte> data)
        where T : struct, IProtocol<T> => T.Read(ref handler, default, data);

    // No callback below uses its connection, so none is needed.
    private static void CallAll<T>(ref T handler, ReadOnlySpan<byte> data)
        where T : struct, IProtocol<T>
    {
        T.Accept(ref handler, default);
        T.Read(ref handler, default, data);
        T.Write(ref handler, default, 7);
        T.Drained(ref handler, default);
        T.ReadClosed(ref handler, default);
        T.ProtocolError(
            ref handler,
            default,
            new ProtocolError { Kind = ProtocolErrorKind.MalformedLength, MaxFrameLength = 9 });
        T.Close(ref handler, default, CloseReason.Reset);
    }

#pragma warning disable GAIN0004 // What is emitted for a handler without callbacks is the subject.
    [GainProtocol]
    private partial struct Silent;
#pragma warning restore GAIN0004

    [GainProtocol]
    private partial struct Half
    {
        private static int OnRead(ReadOnlySpan<byte> data) => data.Length / 2;
    }

    [GainProtocol]
    private partial record struct Counter(int Reads, int Writes)
    {
        private void OnRead(Connection connection, in ReadOnlySpan<byte> data) => Reads += data.Length;

        private void OnWrite(int bytes) => Writes += bytes;
    }

    [GainProtocol]
    private partial struct Recorder
    {
        public List<string> Calls;

        private readonly void OnAccept() => Calls.Add("Accept");

        private readonly void OnRead(ReadOnlySpan<byte> data, Connection connection) =>
            Calls.Add($"Read {string.Join(' ', data.ToArray())}");

        private readonly void OnWrite(in int bytes, Connection connection) => Calls.Add($"Write {bytes}");

        private readonly void OnDrained(in Connection connection) => Calls.Add("Drained");

        private readonly void OnReadClosed(Connection connection) => Calls.Add("ReadClosed");

        private readonly void OnProtocolError(in ProtocolError error) =>
            Calls.Add($"ProtocolError {error.Kind} {error.MaxFrameLength}");

        private readonly void OnClose(CloseReason reason, in Connection connection) =>
            Calls.Add($"Close {reason}");
    }
}
