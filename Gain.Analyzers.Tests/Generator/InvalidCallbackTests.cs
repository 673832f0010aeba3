using Gain.CompilerServices;

namespace Gain.Tests.Generator;

/// <summary>
/// A method that has a callback's name but not its signature is not called, and the rest of the protocol is
/// emitted as if it were not there: the one error that the user sees is the analyzer's.
/// </summary>
public sealed class InvalidCallbackTests
{
    [TestCase("private int OnAccept(Connection connection) => 0;")]
    [TestCase("private void OnAccept(Connection connection, int bytes) { }")]
    [TestCase("private void OnAccept(ref Connection connection) { }")]
    [TestCase("private void OnAccept(ref readonly Connection connection) { }")]
    [TestCase("private void OnAccept(out Connection connection) => connection = default;")]
    [TestCase("private void OnAccept(Connection left, Connection right) { }")]
    [TestCase("private void OnAccept(GainServer server) { }")]
    [TestCase("private void OnAccept<T>(Connection connection) { }")]
    [TestCase("private void OnAccept<T>() { }")]
    [TestCase("private void OnAccept(string text) { }")]
    [TestCase("private void OnAccept(object? sender, EventArgs e) { }")]
    [TestCase("private void OnAccept(__arglist) { }")]
    [TestCase("private async Task OnAccept() => await Task.Yield();")]
    [TestCase("private ValueTask OnAccept(Connection connection) => default;")]
    [TestCase("private static readonly int[] s_items = [1]; private ref int OnAccept() => ref s_items[0];")]
    [TestCase("private Action OnAccept => static () => { };")]
    [TestCase("private event Action? OnAccept { add { } remove { } }")]
    [TestCase("private const int OnAccept = 1;")]
    [TestCase("private struct OnAccept { }")]
    [TestCase("private void onAccept(Connection connection) { }")]
    [TestCase("private interface IAccepts { void OnAccept(Connection connection); }")]
    public void Does_not_call(string member)
    {
        GeneratorRun run = Run(member);

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Not.Contain("OnAccept(").And.Not.Contain("HandleAccept"));
        Assert.That(run.Text, Does.Contain("handler.OnClose(reason);"));
        Assert.That(DeclaredBy(run), Is.EqualTo(Callbacks.Close));
    }

    [Test]
    public void Does_not_call_an_explicit_implementation_of_an_interface_of_the_users()
    {
        GeneratorRun run = GeneratorRun.Of("""
            using Gain;
            internal interface IAccepts { void OnAccept(Connection connection); }
            [GainProtocol] internal partial struct A : IAccepts
            {
                void IAccepts.OnAccept(Connection connection) { }
            }
            """);

        Assert.That(run.Problems, Is.Empty);
        Assert.That(DeclaredBy(run), Is.EqualTo(Callbacks.None));
    }

    [TestCase("private long OnRead(ReadOnlySpan<byte> data) => 0;")]
    [TestCase("private void OnRead(Span<byte> data) { }")]
    [TestCase("private void OnRead(byte[] data) { }")]
    [TestCase("private void OnRead(ReadOnlySpan<char> data) { }")]
    [TestCase("private void OnRead(ReadOnlyMemory<byte> data) { }")]
    [TestCase("private void OnRead(ReadOnlySpan<byte> data, int length) { }")]
    public void Discards_what_is_read_instead_of_calling(string method)
    {
        GeneratorRun run = Run(method);

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Not.Contain("OnRead(").And.Contain("return data.Length;"));
        Assert.That(DeclaredBy(run), Is.EqualTo(Callbacks.Close));
    }

    [TestCase("private void OnAccept(Conection connection) { }", "CS0246")]
    [TestCase("private void OnAccept(Gain.Conection connection) { }", "CS0234")]
    [TestCase("private void OnAccept( { }", "CS")]
    [TestCase("private OnAccept(Connection connection) { }", "CS1520")]
    [TestCase("private void OnAccept(Connection a, ) { }", "CS1031")]
    [TestCase("private void OnAccept(Connection a) { } private void OnAccept(Connection b) { }", "CS0111")]
    [TestCase("private int OnAccept() => 0; private void OnAccept() { }", "CS0111")]
    [TestCase("private void OnAccept(Connection a)", "CS")]
    public void Adds_nothing_to_the_compilers_own_errors(string member, string id)
    {
        GeneratorRun run = Run(member);

        Assert.That(run.Result.Exception, Is.Null);
        Assert.That(run.InputProblems, Has.Some.Contains(id));
        Assert.That(run.Problems, Is.EquivalentTo(run.InputProblems));
    }

    private static GeneratorRun Run(string member) =>
        GeneratorRun.Of($$"""
            using System;
            using System.Threading.Tasks;
            using Gain;

            [GainProtocol]
            internal partial struct A
            {
                {{member}}
                private void OnClose(CloseReason reason) { }
            }
            """);

    private static Callbacks DeclaredBy(GeneratorRun run) =>
        CompiledSample.DeclaredBy(CompiledSample.Load(run.Output), "A");
}
