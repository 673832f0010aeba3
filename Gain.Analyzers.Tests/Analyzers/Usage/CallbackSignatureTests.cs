using Gain.Analyzers.CodeFixes;
using Gain.Analyzers.Usage;
using Gain.Tests.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;

namespace Gain.Tests.Analyzers.Usage;

public sealed class CallbackSignatureTests
{
    [TestCase("int {|GAIN0005:OnAccept|}(Connection connection) => 0;")]
    [TestCase("void {|GAIN0005:OnAccept|}(Connection connection, int bytes) { }")]
    [TestCase("void {|GAIN0005:OnAccept|}(ref Connection connection) { }")]
    [TestCase("void {|GAIN0005:OnAccept|}(ref readonly Connection connection) { }")]
    [TestCase("void {|GAIN0005:OnAccept|}(out Connection connection) => connection = default;")]
    [TestCase("void {|GAIN0005:OnAccept|}(Connection left, Connection right) { }")]
    [TestCase("void {|GAIN0005:OnAccept|}<T>() { }")]
    [TestCase("void {|GAIN0005:OnAccept|}(__arglist) { }")]
    [TestCase("async Task {|GAIN0005:OnAccept|}() => await Task.Yield();")]
    [TestCase("ValueTask {|GAIN0005:OnAccept|}(Connection connection) => default;")]
    [TestCase("static int[] s_i = [1]; ref int {|GAIN0005:OnAccept|}() => ref s_i[0];")]
    [TestCase("long {|GAIN0005:OnRead|}(ReadOnlySpan<byte> data) => 0;")]
    [TestCase("void {|GAIN0005:OnRead|}(Span<byte> data) { }")]
    [TestCase("void {|GAIN0005:OnRead|}(ReadOnlySpan<byte> data, int length) { }")]
    [TestCase("void OnRead() { } void {|GAIN0005:OnRead|}(string text) { }")]
    [TestCase("void {|GAIN0005:OnAccept|}(Seats seats) { }")]
    [TestCase("void {|GAIN0005:OnAccept|}(out Clock clock) => clock = new();")]
    [TestCase("void {|GAIN0005:OnStart|}(ref Seats seats) { }")]
    [Reports(CallbackSignatureAnalyzer.Id)]
    public Task A_signature_that_cannot_be_called_is_reported(string code) =>
        RuleVerifier.Verify<CallbackSignatureAnalyzer>($$"""
            using System.Buffers;

            interface ICalled { void OnAccept(string text); }

            [PerWorker] struct Seats;

            [PerWorker] class Clock;

            [GainProtocol]
            partial struct A
            {
                {{code}}
                private void OnClose(CloseReason reason) { }
            }

            static class P
            {
                // The rest of the handler is usable, whatever is wrong with one method.
                public static GainServer Start() => GainServer.Start(new A(), "tcp://127.0.0.1:0");
            }
            """);

    [TestCase("void OnAccept(Connection connection) { }")]
    [TestCase("public static void OnAccept(in Connection connection) { }")]
    [TestCase("void OnAccept() { }")]
    [TestCase("int OnRead(ReadOnlySpan<byte> data, Connection connection) => data.Length;")]
    [TestCase("int OnRead(scoped ReadOnlySpan<byte> data) => data.Length;")]
    [TestCase("void OnWrite(int bytes, Connection connection) { }")]
    [TestCase("void OnAccept({|CS0246:Conection|} connection) { }")]
    [TestCase("{|CS0246:Viod|} OnAccept() => default;")]
    [TestCase("int OnAccept => 0;")]
    [TestCase("void OnAccept(ref Seats seats, Clock clock) { }")]
    [TestCase("void OnWrite(in Seats seats, int bytes, ref Clock clock) { }")]
    [TestCase("partial void OnAccept(); partial void OnAccept() { }")]
    [Allows(CallbackSignatureAnalyzer.Id)]
    public Task A_signature_that_is_called_and_what_the_compiler_reports_are_not_reported(string code) =>
        RuleVerifier.Verify<CallbackSignatureAnalyzer>($$"""
            using System.Buffers;

            interface ICalled { void OnAccept(string text); }

            [PerWorker] struct Seats;

            [PerWorker] class Clock;

            [GainProtocol]
            partial struct A
            {
                {{code}}
                private void OnClose(CloseReason reason) { }
            }

            static class P
            {
                // The rest of the handler is usable, whatever is wrong with one method.
                public static GainServer Start() => GainServer.Start(new A(), "tcp://127.0.0.1:0");
            }
            """);

    [TestCase("void {|#0:OnWrite|}(string s) { }", "there is no 'string' for its parameter 's'")]
    [TestCase("void {|#0:OnWrite|}(ref int n) { }", "its parameter 'n' is passed by reference")]
    [TestCase("void {|#0:OnWrite|}(int n, int m) { }", "it takes a 'int' twice")]
    [TestCase("void {|#0:OnWrite|}<T>(int n) { }", "it is generic")]
    [TestCase("bool {|#0:OnWrite|}(int n) => true;", "it returns 'bool'")]
    [TestCase("async Task {|#0:OnWrite|}(int n) => await Task.Yield();",
        "it is async, and a callback ends on its worker's thread")]
    public Task Message_says_what_is_wrong_and_what_is_accepted(string code, string reason) =>
        RuleVerifier.VerifyUsage(
            $$"""[GainProtocol] partial struct A { {{code}} }""",
            new DiagnosticResult("GAIN0005", DiagnosticSeverity.Error)
                .WithLocation(0)
                .WithArguments("OnWrite", reason, "void OnWrite(any of Connection, int)"));

    [Test]
    public Task Fix_rewrites_the_signature() =>
        RuleVerifier.VerifyFix<CallbackSignatureAnalyzer, CallbackSignatureFix>(
            """
            [GainProtocol]
            partial struct A
            {
                /// <summary>Kept.</summary>
                private long {|GAIN0005:OnRead|}(Memory<byte> bytes, Connection from, int length) => 0;

                // Kept.
                static bool {|GAIN0005:OnAccept|}<T>(Connection to) where T : class => to.TrySend("hi"u8);

                public void {|GAIN0005:OnClose|}(object? sender, EventArgs e) { }

                public void {|GAIN0005:OnWrite|}(long count, ref Connection connection)
                {
                }

                void {|GAIN0005:OnTimer|}(Seats seats, Connection connection, string text, in Seats2 more)
                {
                }
            }

            [PerWorker] struct Seats;

            [PerWorker] struct Seats2;
            """,
            """
            [GainProtocol]
            partial struct A
            {
                /// <summary>Kept.</summary>
                private int OnRead(ReadOnlySpan<byte> bytes, Connection from) => 0;

                // Kept.
                static void OnAccept(Connection to) => to.TrySend("hi"u8);

                public void OnClose(Connection connection, CloseReason reason) { }

                public void OnWrite(int count, Connection connection)
                {
                }

                void OnTimer(ref Seats seats, Connection connection, in Seats2 more)
                {
                }
            }

            [PerWorker] struct Seats;

            [PerWorker] struct Seats2;
            """);

    [Test]
    public Task Fix_names_types_that_are_not_imported() =>
        RuleVerifier.VerifyFix<CallbackSignatureAnalyzer, CallbackSignatureFix>(
            """
            [GainProtocol] partial struct A { void {|GAIN0005:OnRead|}(byte[] data) { } }
            class ReadOnlySpan<T>;
            """,
            """
            [GainProtocol] partial struct A { void OnRead(System.ReadOnlySpan<byte> data) { } }
            class ReadOnlySpan<T>;
            """);
}
