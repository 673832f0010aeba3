using Gain.Analyzers.Lifetime;
using Gain.Tests.Analyzers.Rules;

namespace Gain.Tests.Analyzers.Lifetime;

/// <summary>What outlives a callback, or is lost in it, is reported.</summary>
public sealed class LifetimeTests
{
    [TestCase("{|GAIN3003:connection.TrySend(data)|};")]
    [TestCase("{|GAIN3003:s_handle.Close()|};")]
    [TestCase("{|GAIN3003:s_handle.Abort()|};")]
    [TestCase("bool unread = {|GAIN3003:connection.TrySend(data)|};")]
    [TestCase("{|GAIN3003:Try(connection)|}; static bool Try(Connection to) => to.TrySend(\"a\"u8);")]
    [TestCase("{|GAIN3003:TrySend(connection)|};")]
    [Reports("GAIN3003")]
    public Task Ignored_result_is_reported(string code) => Verify(code);

    [TestCase("_ = connection.TrySend(data);")]
    [TestCase("if (!connection.TrySend(data)) { connection.Close(); }")]
    [TestCase("bool sent = connection.TrySend(data); s_number = sent ? 1 : 0;")]
    [TestCase("connection.Send(data);")]
    [Allows("GAIN3003")]
    public Task Result_that_is_used_or_discarded_is_not(string code) => Verify(code);

    [TestCase("_ = {|GAIN3004:default(ConnectionHandle).Close()|};")]
    [TestCase("_ = {|GAIN3004:new ConnectionHandle().Abort()|};")]
    [TestCase("ConnectionHandle none = default; _ = {|GAIN3004:none.Close()|};")]
    [Reports("GAIN3004")]
    public Task Handle_of_no_connection_is_reported(string code) => Verify(code);

    [TestCase("_ = {|GAIN3005:connection.Handle.Close()|};")]
    [TestCase("ConnectionHandle own = connection.Handle; _ = {|GAIN3005:own.Close()|};")]
    [Reports("GAIN3005")]
    public Task Handle_of_the_callbacks_own_connection_is_reported(string code) => Verify(code);

    [TestCase("_ = s_handle.Close();")]
    [TestCase("s_handle = connection.Handle;")]
    [TestCase("ConnectionHandle other = default; other = s_handle; _ = other.Close();")]
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

    private static Task Verify(string code) => RuleVerifier.Verify<LifetimeAnalyzer>($$"""
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

            private static bool TrySend(Connection to) => to.TrySend("a"u8);

            private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data)
            {
                {{code}}
            }
        }
        """);
}
