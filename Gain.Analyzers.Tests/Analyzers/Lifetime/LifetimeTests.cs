using Gain.Analyzers.CodeFixes;
using Gain.Analyzers.Lifetime;
using Gain.Tests.Analyzers.Rules;

namespace Gain.Tests.Analyzers.Lifetime;

/// <summary>What outlives a callback, or is lost in it, is reported.</summary>
public sealed class LifetimeTests
{
    [TestCase("{|GAIN3003:connection.TrySend(data)|};")]
    [TestCase("{|GAIN3003:s_handle.TryClose()|};")]
    [TestCase("{|GAIN3003:s_handle.TryAbort()|};")]
    [TestCase("bool unread = {|GAIN3003:connection.TrySend(data)|};")]
    [TestCase("{|GAIN3003:Try(connection)|}; static bool Try(Connection to) => to.TrySend(\"a\"u8);")]
    [TestCase("{|GAIN3003:TrySend(connection)|};")]
    [TestCase("bool unread; unread = {|GAIN3003:connection.TrySend(data)|};")]
    [TestCase("s_unread = {|GAIN3003:connection.TrySend(data)|};")]
    [TestCase("bool unread = {|GAIN3003:connection.TrySend(data)|} && data.Length > 1;")]
    [TestCase("{|GAIN3003:connection.Hold()|};")]
    [TestCase("ConnectionHold hold = connection.Hold(); {|GAIN3003:hold.TryAnswer(data)|};")]
    [TestCase("DatagramHandle to = default; {|GAIN3003:to.TrySendTo(default, data)|};")]
    [TestCase(
        "{|GAIN3003:Try(connection)|}; static bool Try(Connection to) { if (!to.IsClosing) { return "
        + "to.TrySend(\"a\"u8); } return false; }")]
    [TestCase("Task.Run(() => {|GAIN3003:s_handle.TryClose()|});")]
    [TestCase(
        "Task.Run(() => { return {|GAIN3003:Close(s_handle)|}; }); bool Close(ConnectionHandle one) "
        + "=> one.TryClose();")]
    [TestCase("Task.Run({|GAIN3003:s_handle.TryClose|});")]
    [Reports("GAIN3003")]
    public Task Ignored_result_is_reported(string code) => Verify(code);

    [TestCase("_ = connection.TrySend(data);")]
    [TestCase("if (!connection.TrySend(data)) { connection.Close(); }")]
    [TestCase("bool sent = connection.TrySend(data); s_number = sent ? 1 : 0;")]
    [TestCase("connection.Send(data);")]
    [TestCase("connection.Hold().Release();")]
    [TestCase("s_read = connection.TrySend(data); s_number = s_read ? 1 : 0;")]
    [TestCase("_ = Task.Run(() => s_handle.TryClose());")]
    [TestCase("s_number = Task.Run(() => s_handle.TryClose()).IsCompleted ? 1 : 0;")]
    [Allows("GAIN3003")]
    public Task Result_that_is_used_or_discarded_is_not(string code) => Verify(code);

    [TestCase("await Task.Run(() => {|GAIN3003:handle.TryClose()|});")]
    [TestCase("await Task.Run(() => {|GAIN3003:handle.TryClose()|}).ConfigureAwait(false);")]
    [TestCase(
        "await {|GAIN3003:Close()|}; async Task<bool> Close() { await Task.Yield(); return "
        + "handle.TryClose(); }")]
    [TestCase("bool unread = await Task.Run(() => {|GAIN3003:handle.TryClose()|});")]
    [TestCase("if (!await Task.Run(() => handle.TryClose())) { throw new InvalidOperationException(); }")]
    [TestCase("return await Task.Run(() => handle.TryClose()) ? 1 : 2;")]
    public Task Ignored_result_of_a_task_is_reported(string code)
    {
        string end = code.StartsWith("return", StringComparison.Ordinal) ? "" : "return 0;";
        return RuleVerifier.Verify<LifetimeAnalyzer>($$"""
            public static class Later
            {
                public static async Task<int> Run(ConnectionHandle handle)
                {
                    {{code}}
                    {{end}}
                }
            }
            """);
    }

    [Test]
    public Task Ignored_result_is_discarded_by_the_fix() =>
        RuleVerifier.VerifyFix<LifetimeAnalyzer, DiscardResultFix>(
            Source("{|GAIN3003:connection.TrySend(data)|}; {|GAIN3003:s_handle.TryClose()|};"),
            Source("_ = connection.TrySend(data); _ = s_handle.TryClose();"));

    [TestCase("connection.SendStatic({|GAIN3006:s_copy|});")]
    [TestCase("_ = connection.TrySendStatic({|GAIN3006:s_copy.AsSpan(1)|});")]
    [TestCase("ReadOnlySpan<byte> text = s_copy; connection.SendStatic({|GAIN3006:text[..4]|});")]
    [TestCase("Span<byte> text = stackalloc byte[8]; connection.SendStatic({|GAIN3006:text|});")]
    [TestCase("connection.SendStatic({|GAIN3006:new byte[] { (byte)data.Length }|});")]
    [TestCase("connection.SendStatic({|GAIN3006:[(byte)data.Length]|});")]
    [TestCase("connection.SendStatic({|GAIN3006:new ReadOnlySpan<byte>(s_copy, 0, 1)|});")]
    [TestCase("ReadOnlyMemory<byte> memory = s_copy; connection.SendStatic({|GAIN3006:memory.Span|});")]
    [TestCase("byte one = 1; connection.SendStatic({|GAIN3006:new ReadOnlySpan<byte>(in one)|});")]
    [TestCase("connection.SendStatic({|GAIN3006:Of()|}); static ReadOnlySpan<byte> Of() => s_copy;")]
    [TestCase(
        "Say(connection, {|GAIN3006:s_copy|}); static void Say(Connection to, ReadOnlySpan<byte> text) => "
        + "to.SendStatic(text[1..]);")]
    [Reports("GAIN3006")]
    public Task Sending_in_place_what_does_not_stay_is_reported(string code) => Verify(code);

    [TestCase("connection.SendStatic(\"hello\"u8);")]
    [TestCase("ReadOnlySpan<byte> text = \"hello\"u8; connection.SendStatic(text[..2]);")]
    [TestCase("connection.SendStatic([1, 2, 3]);")]
    [TestCase("connection.SendStatic(new byte[] { 1, 2 });")]
    [TestCase("connection.SendStatic(new ReadOnlySpan<byte>(s_address, 8));")]
    [TestCase("connection.SendStatic(Of()); static ReadOnlySpan<byte> Of() => \"hello\"u8;")]
    [TestCase(
        "Say(connection, \"hello\"u8); static void Say(Connection to, ReadOnlySpan<byte> text) => "
        + "to.SendStatic(text);")]
    [TestCase("connection.SendStatic(new Manager().Memory.Span);")]
    [TestCase("ReadOnlyMemory<byte> memory = new Manager().Memory[1..]; connection.SendStatic(memory.Span);")]
    [Allows("GAIN3006")]
    public Task Sending_in_place_what_stays_is_not(string code) => Verify(code);

    [TestCase("{|GAIN3008:connection.PauseReading()|};")]
    [TestCase("if (data.IsEmpty) { connection.Close(); } else { {|GAIN3008:connection.PauseReading()|}; }")]
    [TestCase("{|GAIN3008:connection.PauseReading()|}; if (data.IsEmpty) { connection.Close(); }")]
    [TestCase(
        "{|GAIN3008:connection.PauseReading()|}; _ = Try(connection); static bool Try(Connection to) "
        + "=> to.TrySend(\"a\"u8);")]
    [Reports("GAIN3008")]
    public Task Pause_that_nothing_ends_is_reported(string code) => Verify(code);

    [TestCase("connection.PauseReading(); connection.ResumeReading();")]
    [TestCase("connection.PauseReading(); _ = s_handle.TryResumeReading();")]
    [TestCase("connection.PauseReading(); _ = connection.TryCouple(s_handle);")]
    [TestCase("connection.PauseReading(); connection.Close();")]
    [TestCase("if (data.IsEmpty) { connection.PauseReading(); } connection.Abort();")]
    [TestCase("connection.PauseReading(); End(connection); static void End(Connection one) => one.Close();")]
    [Allows("GAIN3008")]
    public Task Pause_that_something_ends_is_not(string code) => Verify(code);

    [TestCase("{|GAIN3007:BeginFrame(connection)|}; if (frame.IsEmpty) { return; } EndFrame(connection);")]
    [TestCase("{|GAIN3007:BeginFrame(connection)|}; connection.Send(frame);")]
    [TestCase("if (frame.IsEmpty) { {|GAIN3007:BeginFrame(connection)|}; } else { EndFrame(connection); }")]
    [TestCase("for (int i = 0; i < 2; i++) { {|GAIN3007:BeginFrame(connection)|}; } EndFrame(connection);")]
    [TestCase(
        "{|GAIN3007:BeginFrame(connection)|}; try { connection.Send(frame); } catch (Exception) { return; } "
        + "EndFrame(connection);")]
    [TestCase("{|GAIN3007:Start(connection)|}; void Start(Connection one) => BeginFrame(one);")]
    [TestCase("{|GAIN3007:Begin(connection)|}; if (frame.IsEmpty) { return; } EndFrame(connection);")]
    [TestCase("{|GAIN3007:BeginFrame(connection)|}; Say(connection);")]
    [TestCase(
        "Start(connection); void Start(Connection one) { {|GAIN3007:BeginFrame(one)|}; if (one.IsClosing) "
        + "{ return; } EndFrame(one); }")]
    [Reports("GAIN3007")]
    public Task Frame_that_stays_open_is_reported(string code) => VerifyFrame(code);

    [TestCase("BeginFrame(connection); connection.Send(frame); EndFrame(connection);")]
    [TestCase(
        "BeginFrame(connection); if (frame.IsEmpty) { CancelFrame(connection); return; } "
        + "EndFrame(connection);")]
    [TestCase("BeginFrame(connection); try { connection.Send(frame); } finally { EndFrame(connection); }")]
    [TestCase("BeginFrame(connection); End(connection);")]
    [TestCase(
        "BeginFrame(connection); if (frame.IsEmpty) { throw new InvalidOperationException(); } "
        + "EndFrame(connection);")]
    [TestCase(
        "BeginFrame(connection); try { connection.Send(frame); } catch (Exception) { "
        + "CancelFrame(connection); return; } EndFrame(connection);")]
    [TestCase("for (int i = 0; i < 2; i++) { BeginFrame(connection); EndFrame(connection); }")]
    [TestCase("Begin(connection); Say(connection); End(connection);")]
    [TestCase("Start(connection); EndFrame(connection); void Start(Connection one) => BeginFrame(one);")]
    [TestCase(
        "Start(connection); void Start(Connection one) { BeginFrame(one); one.Send(\"a\"u8); "
        + "EndFrame(one); }")]
    [Allows("GAIN3007")]
    public Task Frame_that_is_ended_on_every_way_is_not(string code) => VerifyFrame(code);

    [TestCase("_ = {|GAIN3004:default(ConnectionHandle).TryClose()|};")]
    [TestCase("_ = {|GAIN3004:new ConnectionHandle().TryAbort()|};")]
    [TestCase("ConnectionHandle none = default; _ = {|GAIN3004:none.TryClose()|};")]
    [TestCase("_ = {|GAIN3004:s_none.TryClose()|};")]
    [TestCase("_ = {|GAIN3004:_none.TryClose()|};")]
    [Reports("GAIN3004")]
    public Task Handle_of_no_connection_is_reported(string code) => Verify(code);

    [TestCase("_ = {|GAIN3005:connection.Handle.TryClose()|};")]
    [TestCase("ConnectionHandle own = connection.Handle; _ = {|GAIN3005:own.TryClose()|};")]
    [Reports("GAIN3005")]
    public Task Handle_of_the_callbacks_own_connection_is_reported(string code) => Verify(code);

    [TestCase("_ = s_handle.TryClose();")]
    [TestCase("_ = s_some.TryClose();")]
    [TestCase("s_handle = connection.Handle;")]
    [TestCase("ConnectionHandle other = default; other = s_handle; _ = other.TryClose();")]
    [TestCase("_ = TrySend(connection);")]
    [Allows("GAIN3004")]
    [Allows("GAIN3005")]
    public Task Handle_that_was_kept_is_not(string code) => Verify(code);

    [TestCase("{|GAIN3003:datagram.TryReply(data)|};")]
    [TestCase("{|GAIN3003:datagram.TrySendTo(datagram.RemoteAddress, data)|};")]
    [TestCase("{|GAIN3003:datagram.TryReply(data, out DatagramFailure failure)|};")]
    [TestCase("_ = datagram.TryReply(data);")]
    [TestCase("datagram.Reply(data);")]
    public Task Ignored_result_of_a_datagrams_is_reported(string code) => VerifyDatagram(code);

    [TestCase("s_address = (byte*){|GAIN3001:Unsafe.AsPointer(ref MemoryMarshal.GetReference(data))|};")]
    [TestCase("s_number = data.Length;")]
    public Task Memory_of_a_datagram_is_lent(string code) => VerifyDatagram(code);

    private static Task VerifyDatagram(string code) => RuleVerifier.Verify<LifetimeAnalyzer>($$"""
        #pragma warning disable CS0414, CS0169, CS0649
        using System.Runtime.CompilerServices;
        using System.Runtime.InteropServices;

        [GainProtocol]
        public unsafe partial struct Handler
        {
            private static byte* s_address;
            private static nint s_number;

            private readonly void OnDatagram(Datagram datagram, ReadOnlySpan<byte> data)
            {
                {{code}}
            }
        }
        """);

    private static Task VerifyFrame(string code) => RuleVerifier.Verify<LifetimeAnalyzer>($$"""
        [GainProtocol]
        [LengthPrefixed(Size = 2, MaxFrameLength = 100)]
        public partial struct Handler
        {
            private readonly void OnFrame(Connection connection, ReadOnlySpan<byte> frame)
            {
                {{code}}
            }

            private static void Begin(Connection connection) => BeginFrame(connection);

            private static void Say(Connection connection) => connection.Send("a"u8);

            private static void End(Connection connection) => EndFrame(connection);
        }
        """);

    private static Task Verify(string code) => RuleVerifier.Verify<LifetimeAnalyzer>(Source(code));

    private static string Source(string code) => $$"""
        #pragma warning disable CS0414, CS0169, CS0649
        using System.Runtime.CompilerServices;
        using System.Runtime.InteropServices;

        [GainProtocol]
        public unsafe partial struct Handler
        {
            private static byte* s_address;
            private static nint s_number;
            private static readonly byte[] s_copy = new byte[64];
            private static ConnectionHandle s_handle;
            private static readonly ConnectionHandle s_none;
            private static readonly ConnectionHandle s_some;
            private readonly ConnectionHandle _none = default;
            private static bool s_unread;
            private static bool s_read;

            static Handler() => s_some = s_handle;

            public Handler() => s_read = _none == s_none;

            private static bool TrySend(Connection to) => to.TrySend("a"u8);

            private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data)
            {
                {{code}}
            }
        }

        public sealed class Manager : System.Buffers.MemoryManager<byte>
        {
            public override Span<byte> GetSpan() => default;

            public override System.Buffers.MemoryHandle Pin(int elementIndex = 0) => default;

            public override void Unpin()
            {
            }

            protected override void Dispose(bool disposing)
            {
            }
        }
        """;
}
