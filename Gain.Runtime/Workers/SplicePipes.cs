using Gain.Rings;

namespace Gain.Workers;

/// <summary>
/// A worker's pipes. One is taken for each move, and given back when it is empty: only a direction whose
/// reader is slow keeps it. They are made when they are first needed.
/// </summary>
internal sealed class SplicePipes(int capacity)
{
    private readonly SplicePipe[] _pipes = new SplicePipe[capacity];
    private readonly int[] _bytes = new int[capacity];

    // The numbers of those that nobody has.
    private readonly int[] _free = new int[capacity];
    private int _freeCount;
    private int _made;

    /// <summary>How many are taken.</summary>
    public int InUse => _made - _freeCount;

    /// <summary>How many bytes one holds.</summary>
    public ref int BytesIn(int number) => ref _bytes[number];

    public ref readonly SplicePipe this[int number] => ref _pipes[number];

    /// <summary>Takes one.</summary>
    /// <returns>False when all are taken, or the system has none.</returns>
    public bool TryTake<TRing>(ref TRing ring, out int number)
        where TRing : struct, IRing
    {
        number = -1;
        if (_freeCount != 0)
        {
            number = _free[--_freeCount];
        }
        else if (_made < _pipes.Length
            && ring.OpenPipe(SpliceSettings.PipeBytes, out _pipes[_made]) == 0)
        {
            number = _made++;
        }

        return number >= 0;
    }

    /// <summary>Gives one back, empty.</summary>
    public void Return(int number)
    {
        if (_bytes[number] != 0)
        {
            throw new InvalidOperationException(
                $"Pipe {number} was given back with {_bytes[number]} bytes in it.");
        }

        _free[_freeCount++] = number;
    }

    /// <summary>Closes all. What is in them is lost.</summary>
    public void Close<TRing>(ref TRing ring)
        where TRing : struct, IRing
    {
        for (int i = 0; i < _made; i++)
        {
            ring.Close(_pipes[i].Read);
            ring.Close(_pipes[i].Write);
        }

        _made = 0;
        _freeCount = 0;
    }
}
