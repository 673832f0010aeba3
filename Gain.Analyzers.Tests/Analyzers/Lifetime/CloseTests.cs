using Gain.Analyzers.Lifetime;
using Gain.Tests.Analyzers.Allocation;
using Gain.Tests.Analyzers.Rules;

namespace Gain.Tests.Analyzers.Lifetime;

/// <summary>A write that comes after a close on some way is reported, and no other.</summary>
public sealed class CloseTests
{
    [TestCase("connection.Close(); {|GAIN3002:connection.Send(data)|};")]
    [TestCase("connection.Abort(); if (data.Length > 1) { {|GAIN3002:connection.Send(data)|}; }")]
    [TestCase("connection.Close(); {|GAIN3002:connection.Close()|};")]
    [TestCase("connection.Abort(); {|GAIN0015:{|GAIN3002:connection.SetTimer(default)|}|};")]
    [TestCase("connection.Close(); _ = {|GAIN3002:connection.TrySend(data)|};")]
    [TestCase("connection.Close(); {|GAIN3002:connection.SendStatic(\"a\"u8)|};")]
    [TestCase("if (data.Length > 1) { connection.Close(); } {|GAIN3002:connection.Send(data)|};")]
    [TestCase("if (_bad) { connection.Close(); } else { _bad = true; } {|GAIN3002:connection.Send(data)|};")]
    [TestCase("switch (data[0]) { case 1: connection.Close(); break; } {|GAIN3002:connection.Send(data)|};")]
    [TestCase(
        "foreach (byte b in data) { {|GAIN3002:connection.Send(data)|}; if (b == 0) { "
        + "connection.Close(); } }")]
    [TestCase(
        "while (_bad) { if (data[0] == 1) { connection.Close(); continue; } "
        + "{|GAIN3002:connection.Send(data)|}; }")]
    [TestCase(
        "Connection same = connection; same.Close(); {|GAIN3002:connection.Send(data[..(_bad ? 1 : "
        + "2)])|};")]
    [TestCase("try { connection.Close(); } finally { {|GAIN3002:connection.Send(data)|}; }")]
    [TestCase(
        "if (_bad) { connection.Close(); } _bad = data[0] == 1; if (!_bad) { "
        + "{|GAIN3002:connection.Send(data)|}; }")]
    [TestCase(
        "Inner(connection); static void Inner(Connection c) { c.Close(); "
        + "{|GAIN3002:c.Send(\"a\"u8)|}; }")]
    [Reports("GAIN3002")]
    public Task Write_after_a_close_is_reported(string code) => Verify(code);

    [TestCase(
        "var own = connection.Handle; connection.Close(); "
        + "_ = {|GAIN3005:{|GAIN3002:own.TrySend(data)|}|};")]
    [TestCase(
        "List<ConnectionHandle> all = [connection.Handle]; connection.Abort(); "
        + "foreach (var one in all) { _ = {|GAIN3002:one.TrySend(data)|}; }")]
    [TestCase(
        "var all = new List<ConnectionHandle>(); all.Add(connection.Handle); connection.Close(); "
        + "_ = {|GAIN3002:all[0].TrySend(data)|};")]
    [TestCase(
        "ConnectionHandle[] all = { connection.Handle }; connection.Close(); "
        + "_ = {|GAIN3002:all[0].TrySend(data)|};")]
    [TestCase(
        "var all = new Queue<ConnectionHandle>(); all.Enqueue(connection.Handle); connection.Close(); "
        + "_ = {|GAIN3002:all.Dequeue().TrySend(data)|};")]
    [Reports("GAIN3002")]
    public Task Write_by_its_own_handle_after_a_close_is_reported(string code) => Verify(code);

    [TestCase("var own = connection.Handle; _ = {|GAIN3005:own.TrySend(data)|}; connection.Send(data);")]
    [TestCase("var own = _other; _ = own.TrySend(data); connection.Close();")]
    [TestCase(
        "var own = connection.Handle; _ = {|GAIN3005:own.TrySend(data)|}; connection.Close();")]
    [TestCase(
        "if (_bad) { connection.Close(); return; } var own = connection.Handle; "
        + "_ = {|GAIN3005:own.TrySend(data)|};")]
    [TestCase(
        "List<ConnectionHandle> all = [connection.Handle, _other]; connection.Close(); "
        + "foreach (var one in all) { _ = one.TrySend(data); }")]
    [TestCase(
        "var all = new List<ConnectionHandle>(); all.Add(connection.Handle); all.Add(_other); "
        + "_ = all[0].TrySend(data); connection.Close();")]
    [Allows("GAIN3002")]
    public Task Writes_by_other_handles_or_before_no_close_are_not(string code) => Verify(code);

    [TestCase("Fail(connection); {|GAIN3002:connection.Send(data)|};")]
    [TestCase("connection.Close(); {|GAIN3002:Reply(connection)|};")]
    [TestCase("connection.Close(); {|GAIN3002:Relay(connection)|};")]
    [TestCase("if (!Check(connection)) { _bad = true; } {|GAIN3002:connection.Send(data)|};")]
    [TestCase("bool ok = Check(connection); if (!ok) { {|GAIN3002:connection.Send(data)|}; }")]
    [TestCase(
        "Inner(connection); {|GAIN3002:connection.Send(data)|}; static void Inner(Connection c) => "
        + "c.Abort();")]
    [TestCase("connection.Bye(); {|GAIN3002:connection.Send(data)|};")]
    [Reports("GAIN3002")]
    public Task Write_after_a_close_in_a_called_method_is_reported(string code) => Verify(code);

    [TestCase("connection.Send(data); connection.Close();")]
    [TestCase("if (data.Length > 1) { connection.Close(); return; } connection.Send(data);")]
    [TestCase("if (data.Length > 1) { connection.Close(); } else { connection.Send(data); }")]
    [TestCase(
        "foreach (byte b in data) { connection.Send(data); if (b == 0) { connection.Close(); "
        + "break; } }")]
    [TestCase("if (_bad) { connection.Close(); } if (!_bad) { connection.Send(data); }")]
    [TestCase("if (data[0] > 1) { connection.Close(); } if (data[0] <= 1) { connection.Send(data); }")]
    [TestCase("if (_bad) { connection.Close(); } if (!connection.IsClosing) { connection.Send(data); }")]
    [TestCase("if (_bad) { connection.Close(); } if (connection.TrySend(data)) { _bad = true; }")]
    [TestCase("if (_bad) { connection.Close(); } connection.Close();")]
    [TestCase(
        "if (_bad) { connection.Close(); throw new InvalidOperationException(); } "
        + "connection.Send(data);")]
    [TestCase(
        "try { if (_bad) { connection.Close(); return; } } finally { _bad = false; } "
        + "connection.Send(data);")]
    [TestCase(
        "connection.Close(); _ = connection.WorkerIndex + connection.Descriptor; _ = "
        + "connection.Handle;")]
    [TestCase("connection.Close(); connection.Abort(); connection.CancelTimer();")]
    [TestCase("if (!Check(connection)) { return; } connection.Send(data);")]
    [TestCase("if (Check(connection) is false) { return; } connection.Send(data);")]
    [TestCase("bool ok = Check(connection); if (ok) { connection.Send(data); }")]
    [TestCase("Perhaps(connection); connection.Send(data);")]
    [TestCase("connection.Close(); Guarded(connection);")]
    [TestCase("connection.Close(); Fail2(connection);")]
    [Allows("GAIN3002")]
    public Task Other_orders_are_not(string code) => Verify(code);

    [Test]
    public async Task Close_by_a_member_of_an_extension_block_is_followed()
    {
        string[] found = await HotPathRun.MessagesOf("""
            using System;
            using Gain;

            [GainProtocol]
            public partial struct Handler
            {
                void OnRead(Connection connection, ReadOnlySpan<byte> data)
                {
                    connection.Kill();
                    connection.Send(data);
                }

                void OnReadClosed(Connection connection)
                {
                    connection.Say();
                    connection.Send("bye"u8);
                }
            }

            internal static class Connections
            {
                extension(Connection connection)
                {
                    public void Kill() => connection.Close();

                    public void Say() => connection.Send("well"u8);
                }
            }
            """);

        Assert.That(found, Is.EqualTo(
            ["GAIN3002: 'Send' does nothing here: the connection was given to Kill before"]));
    }

    private static Task Verify(string code) => RuleVerifier.Verify<LifetimeAnalyzer>($$"""
        #pragma warning disable CS0414, CS0169, CS0649
        [GainProtocol]
        public partial struct Handler
        {
            private bool _bad;
            private ConnectionHandle _other;

            private void OnRead(Connection connection, ReadOnlySpan<byte> data)
            {
                {{code}}
            }

            private readonly void OnDrained(Connection connection) => _ = _bad;

            private static void Fail(Connection connection)
            {
                connection.Send("failed"u8);
                connection.Close();
            }

            private static void Fail2(Connection connection) => connection.Close();

            private static void Reply(Connection connection) => connection.Send("yes"u8);

            private static void Relay(Connection connection) => Reply(connection);

            private readonly bool Check(Connection connection)
            {
                if (_bad)
                {
                    connection.Close();
                    return false;
                }

                return true;
            }

            private readonly void Perhaps(Connection connection)
            {
                if (_bad)
                {
                    connection.Close();
                }
            }

            private static void Guarded(Connection connection)
            {
                if (!connection.IsClosing)
                {
                    connection.Send("yes"u8);
                }
            }
        }

        internal static class Connections
        {
            public static void Bye(this Connection connection) => connection.Close();
        }
        """);
}
