namespace Gain.Tests.Generator;

/// <summary>What becomes of callbacks that take their worker's state.</summary>
public sealed class PerWorkerTests
{
    private const string Types = """
        [PerWorker] public struct Store { public int Count; }
        [PerWorker] public sealed class Names { public int Count; }
        [PerWorker] public ref struct Passing;
        public struct Plain { public int Count; }
        """;

    private static readonly string[] s_callbacks =
    [
        "OnAccept", "OnRead", "OnWrite", "OnDrained", "OnReadClosed", "OnTimer", "OnDatagram",
        "OnDatagramClosed", "OnProtocolError", "OnClose",
    ];

    [Test]
    public void Every_callback_of_a_worker_may_take_it(
        [ValueSource(nameof(s_callbacks))] string callback,
        [Values("ref Store s", "in Store s", "ref readonly Store s", "Names n", "ref Names n", "in Names n")]
        string parameter,
        [Values("", "static ")] string modifier)
    {
        string owner = callback switch
        {
            "OnDatagram" => "Datagram",
            "OnDatagramClosed" => "DatagramEnd",
            _ => "Connection",
        };
        GeneratorRun run = Run($"private {modifier}void {callback}({owner} c, {parameter}) {{ }}");

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Contain("PerWorkerState.Get<global::"));
        AssertDirect(run);
    }

    [TestCase("""Delimited("\n", MaxFrameLength = 5)""")]
    [TestCase("LengthPrefixed(MaxFrameLength = 5)")]
    [TestCase("FixedSize(5)")]
    [TestCase("VarintPrefixed(5)")]
    public void OnFrame_may_take_it(string framing)
    {
        GeneratorRun run = Run(
            "private void OnFrame(ref Store s, ReadOnlySpan<byte> frame, Names n) { }", $", {framing}");

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Contain("Get<global::Store>(connection, 0), frame, "));
        AssertDirect(run);
    }

    [TestCase("private void OnStart(ref Store s) { }")]
    [TestCase("private void OnAccept(Store s) { }")]
    [TestCase("private void OnAccept(out Store s) { s = default; }")]
    [TestCase("private void OnAccept(ref Plain s) { }")]
    [TestCase("private void OnAccept(ref Passing s) { }")]
    [TestCase("private void OnAccept(ref Store s, in Store t) { }")]
    public void Passes_over_a_callback_that_cannot_have_it(string method)
    {
        GeneratorRun run = Run(method);

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Contain("Callbacks.None;").And.Not.Contain("PerWorkerState"));
    }

    [Test]
    public void Types_of_any_kind_and_place_can_be_named()
    {
        GeneratorRun run = GeneratorRun.Of("""
            using System; using Gain;
            internal static partial class Outer<T> where T : class
            {
                [GainProtocol] internal partial struct A<U>
                {
                    [PerWorker] private record struct Inner(U Value);
                    [PerWorker] private sealed class @class { }
                    private void OnAccept(ref Inner inner, @class other, Held<T?>? held) { }
                    private void OnClose(ref Inner inner) { }
                }
            }
            [PerWorker] internal class Held<T> { public T? Value { get; set; } }
            """);

        Assert.That(run.InputProblems, Is.Empty);
        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text.Split("builder.Add<"), Has.Length.EqualTo(4));
        AssertDirect(run);
    }

    [Test]
    public void An_edit_elsewhere_keeps_the_model()
    {
        GeneratorRun first = Run("private void OnAccept(ref Store s, Names n) { }");
        GeneratorRun second = Run("private void OnAccept(ref Store s, Names n) { _ = 1; }");

        Assert.That(
            second.ValuesOf("Protocols").Single(), Is.EqualTo(first.ValuesOf("Protocols").Single()));
    }

    private static void AssertDirect(GeneratorRun run)
    {
        using var reader = new IlReader(CompiledSample.Emit(run.Output));
        Assert.That(
            IlRules.Check(reader, method => method.Name.Contains("IProtocol<", StringComparison.Ordinal)),
            Is.Empty);
    }

    private static GeneratorRun Run(string method, string framing = "") => GeneratorRun.Of(
        $"using System; using Gain; {Types} [GainProtocol{framing}] public partial struct A {{ {method} }}");
}
