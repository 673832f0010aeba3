namespace Gain.Tests.Simulation;

/// <summary>
/// The one source of chance of a simulation: SplitMix64, so that a seed means the same on every runtime.
/// </summary>
internal sealed class SimulationRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>A number from 0 to below a bound.</summary>
    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>A number from the least to the most, both included.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    /// <summary>As <see cref="Between"/>, with each order of magnitude as likely as any other.</summary>
    public int Skewed(int least, int most)
    {
        double exponent = Fraction() * Math.Log((double)most - least + 1);
        return Math.Min(most, least + (int)Math.Exp(exponent) - 1);
    }

    public long SkewedLong(long least, long most)
    {
        double exponent = Fraction() * Math.Log((double)most - least + 1);
        return Math.Min(most, least + (long)Math.Exp(exponent) - 1);
    }

    public bool Chance(double probability) => probability > 0 && Fraction() < probability;

    public T Pick<T>(ReadOnlySpan<T> among) => among[Below(among.Length)];

    public void Fill(Span<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i += sizeof(ulong))
        {
            ulong eight = Next();
            for (int j = i; j < bytes.Length && j < i + sizeof(ulong); j++, eight >>= 8)
            {
                bytes[j] = (byte)eight;
            }
        }
    }

    private double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));
}
