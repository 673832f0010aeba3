using System.Text;
using Gain.Testing;

namespace Gain.Tests.Testing;

/// <summary>Scripts in pieces.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class SplitsTests
{
    private const int Count = 1_000;

    [Test]
    public void A_protocol_that_is_right_gives_the_same_output_for_all_splits()
    {
        var seen = new HashSet<string>();
        Splits.Run("17\nx\n25\n-2\nand a half"u8, seed: 1, Count, split =>
        {
            seen.Add(split.ToString());
            return Add(split);
        });
        Assert.That(seen, Has.Count.GreaterThan(Count / 2));
        Assert.That(seen, Does.Contain("in one piece").And.Contain("byte by byte"));
    }

    [Test]
    public void Slow_readers_and_resets_change_nothing_but_the_end()
    {
        int resets = 0;
        int slow = 0;
        Splits.RunWithFaults("17\nx\n25\n-2\nand a half"u8, seed: 2, Count, split =>
        {
            resets += split.Resets ? 1 : 0;
            slow += split.ToString().EndsWith("read slowly", StringComparison.Ordinal) ? 1 : 0;
            return Add(split);
        });
        Assert.That(resets, Is.InRange(Count / 4, Count / 2));
        Assert.That(slow, Is.InRange(Count / 4, Count / 2));
    }

    [Test]
    public void A_protocol_that_takes_pieces_for_messages_is_found_with_the_fewest_cuts() => Assert.That(
        () => Splits.Run("abcdef"u8, seed: 3, Count, split => Send(TestServer.Start(new Piecewise()), split)),
        Throws.InstanceOf<SplitException>().With.Message.EqualTo(
            "The script cut at 1 (seed 3, split 1) gave 8 bytes of output, and in one piece 7: byte 1 is "
            + "0x3B (';') instead of 0x62 ('b')"));

    [Test]
    public void A_split_that_throws_is_named()
    {
        SplitException? thrown = Assert.Throws<SplitException>(() => Splits.Run("abcdef"u8, 4, Count, split =>
            split.Pieces.Any(static piece => piece.Span.SequenceEqual("cd"u8))
                ? throw new InvalidDataException("no such piece")
                : []));
        Assert.That(thrown!.Message, Does.StartWith("The script cut at 2, 4 (seed 4, split "));
        Assert.That(thrown.InnerException, Is.InstanceOf<InvalidDataException>());
    }

    [Test]
    public void A_body_that_depends_on_something_else_is_told()
    {
        int calls = 0;
        Assert.That(
            () => Splits.Run("ab"u8, 5, 1, _ => calls++ == 1 ? [1] : []),
            Throws.InstanceOf<SplitException>().With.Message.Contains("what else does the body depend on"));
    }

    [Test]
    public void A_seed_gives_the_same_splits_each_time()
    {
        string[] first = Describe(6);
        Assert.That(Describe(6), Is.EqualTo(first));
        Assert.That(Describe(7), Is.Not.EqualTo(first));
    }

    [Test]
    public void The_pieces_are_the_script()
    {
        byte[] script = Encoding.ASCII.GetBytes("some bytes to cut");
        Splits.Run(script, 8, Count, split =>
        {
            Assert.That(split.Pieces.All(static piece => !piece.IsEmpty));
            Assert.That(split.Pieces.SelectMany(static piece => piece.ToArray()), Is.EqualTo(script));
            return [];
        });
        Splits.Run("x"u8, 8, 1, static split => split.Pieces[0].ToArray());
    }

    [Test]
    public void What_cannot_be_run_is_refused()
    {
        Assert.That(() => Splits.Run(default, 1, 1, static _ => []), Throws.ArgumentException);
        Assert.That(
            () => Splits.Run("a"u8, 1, 0, static _ => []), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static string[] Describe(int seed)
    {
        var splits = new List<string>();
        Splits.RunWithFaults("0123456789"u8, seed, 50, split =>
        {
            splits.Add(split.ToString());
            return [];
        });
        return [.. splits];
    }

    private static byte[] Add(Split split)
    {
        using TestServer server = TestServer.Start(new LineAdder());
        TestPeer peer = server.Connect();
        split.SendTo(peer);
        server.Advance(TimeSpan.FromSeconds(10));
        peer.Close();
        Assert.That(peer.Fault, Is.Null);
        Assert.That(
            peer.CloseReason, Is.EqualTo(split.Resets ? CloseReason.Reset : CloseReason.PeerClosed));
        return peer.Received.ToArray();
    }

    private static byte[] Send(TestServer server, Split split)
    {
        using (server)
        {
            TestPeer peer = server.Connect();
            split.SendTo(peer);
            return peer.Received.ToArray();
        }
    }
}

/// <summary>Takes what arrives together for a message, which is wrong.</summary>
[GainProtocol]
internal partial struct Piecewise
{
    private static void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        connection.Send(data);
        connection.Send(";"u8);
    }
}
