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

    [TestCase("LengthPrefixed(MaxFrameLength = 0)")]
    [TestCase("FixedSize(0)")]
    [TestCase("Obsolete")]
    public void Not_emitted_without_a_valid_framing(string framing)
    {
        GeneratorRun run = Run(framing, "A", OnFrame);

        Assert.That(run.Problems, Is.Empty);
        Assert.That(run.Text, Does.Not.Contain("SendFrame"));
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
