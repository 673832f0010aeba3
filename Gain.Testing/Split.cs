using System.Globalization;

namespace Gain.Testing;

/// <summary>
/// One way to send a script: where it is cut, and what the peer does besides. Made by <see cref="Splits"/>.
/// </summary>
public sealed class Split
{
    private const int MaxSlowWindow = 64;

    private readonly byte[] _script;
    private readonly int[] _cuts;
    private readonly int _faultSeed;

    internal Split(
        byte[] script, int[] cuts, int number, SplitFault fault = SplitFault.None, int faultSeed = 0)
    {
        _script = script;
        _cuts = cuts;
        Number = number;
        Fault = fault;
        _faultSeed = faultSeed;
        var pieces = new ReadOnlyMemory<byte>[cuts.Length + 1];
        for (int i = 0; i < pieces.Length; i++)
        {
            int start = i == 0 ? 0 : cuts[i - 1];
            int end = i == cuts.Length ? script.Length : cuts[i];
            pieces[i] = script.AsMemory(start, end - start);
        }

        Pieces = pieces;
    }

    /// <summary>Which one of its run it is: 0 is the whole script, 1 each byte alone, the others follow from
    /// the seed.</summary>
    public int Number { get; }

    /// <summary>The script in pieces, none of which is empty.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Pieces { get; }

    /// <summary>Whether <see cref="SendTo"/> resets the connection in the end, so that a part of the output
    /// is enough.</summary>
    public bool Resets => Fault == SplitFault.Reset;

    internal SplitFault Fault { get; }

    internal ReadOnlySpan<int> Cuts => _cuts;

    /// <summary>
    /// Sends the pieces, one after the other, as a peer does that is slow to read, or resets the connection
    /// somewhere, where the run has such faults.
    /// </summary>
    /// <param name="peer">The peer; it reads when the call returns, unless it has reset.</param>
    public void SendTo(TestPeer peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        var random = new Random(_faultSeed);
        int window = peer.WindowBytes;
        int resetBehind = Resets ? random.Next(Pieces.Count) : -1;
        if (Fault == SplitFault.SlowReader)
        {
            peer.WindowBytes = random.Next(1, MaxSlowWindow);
            peer.StopReading();
        }

        for (int i = 0; i < Pieces.Count; i++)
        {
            peer.Send(Pieces[i].Span);
            if (i == resetBehind)
            {
                peer.Reset();
                return;
            }

            if (Fault == SplitFault.SlowReader)
            {
                _ = peer.Read(random.Next(MaxSlowWindow));
            }
        }

        if (Fault == SplitFault.SlowReader)
        {
            peer.WindowBytes = window;
            peer.StartReading();
        }
    }

    /// <summary>Says where the script is cut.</summary>
    public override string ToString()
    {
        string cuts = _cuts.Length switch
        {
            0 => "in one piece",
            _ when _cuts.Length == _script.Length - 1 => "byte by byte",
            _ => $"cut at {string.Join(", ", _cuts.Select(Text))}",
        };
        return Fault switch
        {
            SplitFault.SlowReader => $"{cuts}, read slowly",
            SplitFault.Reset => $"{cuts}, reset on the way",
            _ => cuts,
        };
    }

    internal Split Without(int cut) =>
        new(_script, [.. _cuts.Where((_, i) => i != cut)], Number, Fault, _faultSeed);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
