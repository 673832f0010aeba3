using System.Reflection;
using System.Text;
using Gain.CompilerServices;

namespace Gain.Tests.Generator;

/// <summary>Every way to declare callbacks compiles, and is wired up.</summary>
public sealed class CallbackShapeTests
{
    private const string Framing = """[Delimited("\n", MaxFrameLength = 9)] """;

    private static readonly (string Name, string[] Parameters)[] s_callbacks =
    [
        ("OnStart", ["GainServer server"]),
        ("OnAccept", ["Connection connection"]),
        ("OnRead", ["Connection connection", "ReadOnlySpan<byte> data"]),
        ("OnFrame", ["Connection connection", "ReadOnlySpan<byte> frame"]),
        ("OnWrite", ["Connection connection", "int bytes"]),
        ("OnDrained", ["Connection connection"]),
        ("OnReadClosed", ["Connection connection"]),
        ("OnProtocolError", ["Connection connection", "ProtocolError error"]),
        ("OnClose", ["Connection connection", "CloseReason reason"]),
    ];

    [Test]
    public void Wires_up_every_subset_order_and_passing_of_parameters([Values] bool isStatic)
    {
        var source = new StringBuilder("using System; using Gain;\n");
        var expected = new List<string>();
        foreach ((string name, string[] parameters) in s_callbacks)
        {
            foreach (string[] list in OrderedSubsets(parameters))
            {
                string[] byReference = [.. list.Select(one => "in " + one)];
                AppendProtocol(source, expected, name, list, isStatic, "void");
                AppendProtocol(source, expected, name, byReference, isStatic, "void");
                if (name == "OnRead")
                {
                    AppendProtocol(source, expected, name, list, isStatic, "int");
                }
            }
        }

        GeneratorRun run = GeneratorRun.Of(source.ToString());

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Result.GeneratedSources, Has.Length.EqualTo(expected.Count));
        for (int i = 0; i < expected.Count; i++)
        {
            string text = run.Result.GeneratedSources[i].SourceText.ToString();
            Assert.That(text, Does.Contain(expected[i]), text);
        }
    }

    [Test]
    public void Declares_exactly_the_callbacks_that_there_are()
    {
        var source = new StringBuilder("using System; using Gain;\n");
        int subsets = 1 << s_callbacks.Length;
        for (int subset = 0; subset < subsets; subset++)
        {
            IEnumerable<string> methods = s_callbacks
                .Where((_, i) => (subset & 1 << i) != 0)
                .Select(callback => $"void {callback.Name}({string.Join(", ", callback.Parameters)}) {{ }}");
            source.Append($"[GainProtocol] {Framing}partial struct S{subset} {{ ")
                .AppendJoin(' ', methods)
                .Append(" }\n");
        }

        GeneratorRun run = GeneratorRun.Of(source.ToString());
        Assert.That(run.Problems, Is.Empty);
        Assembly assembly = CompiledSample.Load(run.Output);
        for (int subset = 0; subset < subsets; subset++)
        {
            Assert.That(CompiledSample.DeclaredBy(assembly, $"S{subset}"), Is.EqualTo(ExpectedMask(subset)));
        }
    }

    [TestCase("void", Callbacks.Read)]
    [TestCase("int", Callbacks.ReadPartial)]
    public void Declares_how_OnRead_consumes(string returnType, Callbacks expected)
    {
        string end = returnType == "int" ? "=> 0;" : "{ }";
        GeneratorRun run = GeneratorRun.Of(
            $"[Gain.GainProtocol] partial struct A {{ {returnType} OnRead() {end} }}");

        Assert.That(run.Problems, Is.Empty);
        Assert.That(CompiledSample.DeclaredBy(CompiledSample.Load(run.Output), "A"), Is.EqualTo(expected));
    }

    [TestCase("public")]
    [TestCase("internal")]
    [TestCase("private")]
    [TestCase("")]
    [TestCase("readonly")]
    [TestCase("public static")]
    [TestCase("async")]
    [TestCase("[System.Obsolete]")]
    [TestCase("""[System.Obsolete("Old.")] public""")]
    [TestCase("""[System.Diagnostics.Conditional("NEVER")]""")]
    public void Calls_a_method_that_is(string modifiers)
    {
        string body = modifiers == "async" ? "{ await System.Threading.Tasks.Task.Yield(); }" : "{ }";
        GeneratorRun run = GeneratorRun.Of(
            $"[Gain.GainProtocol] partial struct A {{ {modifiers} void OnDrained() {body} }}");

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Contain("OnDrained();"));
    }

    [Test]
    public void Calls_a_partial_method()
    {
        GeneratorRun run = GeneratorRun.Of(
            "[Gain.GainProtocol] partial struct A { private partial void OnDrained(); }",
            "partial struct A { private partial void OnDrained() { } partial void OnReadClosed(); }");

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Contain("handler.OnDrained();").And.Contain("handler.OnReadClosed();"));
    }

    [TestCase("void OnWrite(int n) { } void OnWrite(Connection c) { } void OnWrite() { }", "OnWrite(bytes)")]
    [TestCase("void OnWrite(in int n) { } void OnWrite(int n) { }", "OnWrite(in bytes)")]
    [TestCase("void OnWrite(int n) { } void OnWrite(in int n) { }", "OnWrite(bytes)")]
    [TestCase("void OnWrite<T>(T n) { } void OnWrite(int n) { }", "OnWrite(bytes)")]
    [TestCase("void OnWrite(long n) { } void OnWrite(int n, int m) { } void OnWrite() { }", "OnWrite()")]
    [TestCase("int OnWrite() => 0; static void OnWrite(Connection c) { }", " OnWrite(connection)")]
    [TestCase("void OnWrite(params int[] n) { } void OnWrite(int n = 1) { }", "OnWrite(bytes)")]
    public void Calls_the_first_valid_overload(string methods, string call)
    {
        GeneratorRun run = GeneratorRun.Of($"using Gain; [GainProtocol] partial struct A {{ {methods} }}");

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Contain($"{call};"));
    }

    private static void AppendProtocol(
        StringBuilder source,
        List<string> expected,
        string name,
        string[] parameters,
        bool isStatic,
        string returnType)
    {
        string framing = name == "OnFrame" ? Framing : "";
        string modifier = isStatic ? "static " : "";
        string body = returnType == "int" ? "=> 0;" : "{ }";
        source.Append($"[GainProtocol] {framing}partial struct S{expected.Count:d3} {{ ")
            .Append($"{modifier}{returnType} {name}({string.Join(", ", parameters)}) {body} }}\n");

        IEnumerable<string> arguments = parameters.Select(parameter =>
            (parameter.StartsWith("in ", StringComparison.Ordinal) ? "in " : "") + parameter.Split(' ')[^1]);
        string target = isStatic ? "" : "handler.";
        string start = returnType == "int" ? "return " : "    ";
        expected.Add($"{start}{target}{name}({string.Join(", ", arguments)});\n");
    }

    private static IEnumerable<string[]> OrderedSubsets(string[] items)
    {
        yield return [];
        foreach (string item in items)
        {
            foreach (string[] rest in OrderedSubsets([.. items.Where(other => other != item)]))
            {
                yield return [item, .. rest];
            }
        }
    }

    // A framing is always present, so frames win over OnRead wherever OnFrame is declared.
    private static Callbacks ExpectedMask(int subset)
    {
        Callbacks mask = Callbacks.None;
        for (int i = 0; i < s_callbacks.Length; i++)
        {
            if ((subset & 1 << i) != 0)
            {
                mask |= Enum.Parse<Callbacks>(s_callbacks[i].Name["On".Length..]);
            }
        }

        return mask.HasFlag(Callbacks.Frame) ? mask & ~Callbacks.Read : mask;
    }
}
