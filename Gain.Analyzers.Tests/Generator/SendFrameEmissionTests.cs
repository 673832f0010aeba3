namespace Gain.Tests.Generator;

/// <summary>Where <c>SendFrame</c> is emitted, and where it would be in the way.</summary>
public sealed class SendFrameEmissionTests
{
    private const string OnFrame = "private void OnFrame(ReadOnlySpan<byte> frame) { }";
    private const string Emitted = "internal static void SendFrame(";

    [TestCase("""Delimited("\n", MaxFrameLength = 5)""")]
    [TestCase("LengthPrefixed(MaxFrameLength = 5)")]
    [TestCase("FixedSize(5)")]
    [TestCase("VarintPrefixed(5)")]
    public void Emitted_for_every_framing_and_callable(string framing)
    {
        foreach (string onFrame in new[] { OnFrame, "" })
        {
            GeneratorRun run = Run(
                framing, "A", onFrame + "public static void Say(Connection c) => SendFrame(c, [1, 2]);");

            Assert.That(run.Problems, Is.Empty);
            Assert.That(run.Text, Does.Contain(Emitted));
        }
    }

    [Test]
    public void Not_emitted_without_a_framing()
    {
        GeneratorRun run = Run("Obsolete", "A", OnFrame);

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Not.Contain("SendFrame").And.Not.Contain("BeginFrame"));
    }

    // The one mistake is the one error: the calls compile, and what they call says what is wrong.
    [TestCase("LengthPrefixed(MaxFrameLength = 0)")]
    [TestCase("FixedSize(0)")]
    [TestCase("VarintPrefixed(5), FixedSize(5)")]
    public void Emitted_for_an_invalid_framing_so_that_calls_compile(string framing)
    {
        GeneratorRun run = Run(
            framing,
            "A",
            OnFrame + """
            private static void OnAccept(Connection c)
            {
                BeginFrame(c);
                EndFrame(c);
                CancelFrame(c);
                SendFrame(c, [1, 2]);
            }
            """);

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Contain("Framing.ThrowInvalid();").And.Not.Contain("OnFrame("));
    }

    [TestCase("BeginFrame")]
    [TestCase("EndFrame")]
    [TestCase("CancelFrame")]
    public void Not_emitted_in_part(string taken)
    {
        GeneratorRun run = Run("FixedSize(5)", "A", OnFrame + $"public const int {taken} = 1;");

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Contain(Emitted));
        Assert.That(run.Text, Does.Not.Contain("Framing.BeginFrame").And.Not.Contain("Framing.CancelFrame"));
    }

    [Test]
    public void Bytes_in_front_of_the_length_can_be_given()
    {
        GeneratorRun run = Run(
            "LengthPrefixed(Offset = 1, MaxFrameLength = 5)",
            "A",
            """
            private static void OnAccept(Connection c)
            {
                SendFrame(c, [7], [1, 2]);
                SendFrame(c, [1, 2]);
                BeginFrame(c, [7]);
                EndFrame(c);
            }
            """);

        Assert.That(run.Problems, Is.Empty);
    }

    [TestCase("A", "public static void SendFrame() { }")]
    [TestCase("A", "public const int SendFrame = 1;")]
    [TestCase("A", "public int SendFrame => 1;")]
    [TestCase("A", "public struct SendFrame { }")]
    [TestCase("A(int SendFrame)", "public readonly int Value => SendFrame;")]
    [TestCase("A<SendFrame>", "")]
    [TestCase("SendFrame", "")]
    public void Not_emitted_where_the_name_is_taken(string name, string member)
    {
        GeneratorRun run = Run("FixedSize(5)", name, OnFrame + member);

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Not.Contain(Emitted).And.Contain("OnFrame(frame)"));
    }

    [Test]
    public void Not_emitted_where_it_would_hide_a_member_around_it()
    {
        GeneratorRun run = GeneratorRun.Of($$"""
            using System; using Gain;
            internal static partial class Outer
            {
                private static void SendFrame(int value) => _ = value;
                [GainProtocol, FixedSize(5)]
                internal partial struct A { private void OnFrame() => SendFrame(1); }
            }
            """);

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Not.Contain(Emitted));
    }

    [Test]
    public void Compiles_where_documentation_is_checked()
    {
        GeneratorRun run = GeneratorRun.WithDocumentation("""
            /// <summary>A protocol.</summary>
            [Gain.GainProtocol, Gain.LengthPrefixed(Offset = 2, MaxFrameLength = 5)] public partial struct A;
            """);

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Contain(Emitted));
    }

    private static GeneratorRun Run(string framing, string name, string members) =>
        GeneratorRun.Of($$"""
            using System;
            using Gain;

            [GainProtocol, {{framing}}]
            internal partial struct {{name}}
            {
                {{members}}
            }
            """);
}
