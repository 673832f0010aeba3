namespace Gain.Tests.Simulation;

internal enum PeerStepKind
{
    /// <summary>Gives so many more bytes to its kernel.</summary>
    Send,

    /// <summary>Stops reading.</summary>
    Pause,

    /// <summary>Reads on.</summary>
    Resume,

    /// <summary>Waits until everything it has sent is answered.</summary>
    Await,

    /// <summary>Sends FIN, and reads on.</summary>
    HalfClose,

    /// <summary>Closes its socket.</summary>
    Close,

    /// <summary>Resets the connection.</summary>
    Reset,

    /// <summary>Is gone without a word.</summary>
    Vanish,

    /// <summary>Waits.</summary>
    Rest,
}

internal readonly record struct PeerStep(PeerStepKind Kind, int Count, long DelayNs);

/// <summary>What a peer does, and how fast its network is.</summary>
internal sealed class PeerScript
{
    public PeerScript(SimulationRandom random, int outputBytes)
    {
        StartNs = random.Chance(0.3) ? 1 : random.SkewedLong(1, 20_000_000);
        LatencyNs = random.SkewedLong(1_000, 3_000_000);
        SegmentBytes = random.Skewed(Math.Max(1, outputBytes / 60), 20_000);
        ReadBytes = random.Skewed(Math.Max(64, outputBytes / 40), 20_000);
        EndsWithServer = random.Chance(0.8);
        int left = outputBytes;
        int sends = random.Skewed(1, 12);
        for (int i = 0; i < sends; i++)
        {
            AddDistraction(random);
            int count = i == sends - 1 ? left : Math.Min(left, random.Skewed(1, outputBytes + 1));
            Add(random, PeerStepKind.Send, count);
            left -= count;
            if (random.Chance(0.3))
            {
                Add(random, PeerStepKind.Await);
            }
        }

        AddEnd(random);
    }

    public List<PeerStep> Steps { get; } = [];

    public long StartNs { get; }

    /// <summary>The longest time that something takes on the way.</summary>
    public long LatencyNs { get; }

    /// <summary>Bytes that arrive at once.</summary>
    public int SegmentBytes { get; }

    /// <summary>Bytes that it reads at once.</summary>
    public int ReadBytes { get; }

    /// <summary>It closes when the server has.</summary>
    public bool EndsWithServer { get; }

    private void AddDistraction(SimulationRandom random)
    {
        switch (random.Below(20))
        {
            case 0:
                Add(random, PeerStepKind.Pause);
                break;
            case 1:
                Add(random, PeerStepKind.Resume);
                break;
            case 2:
                Add(random, PeerStepKind.Rest);
                break;
            case 3 when random.Chance(0.2):
                Add(random, PeerStepKind.Reset);
                break;
            case 4 when random.Chance(0.2):
                Add(random, PeerStepKind.Close);
                break;
        }
    }

    private void AddEnd(SimulationRandom random)
    {
        switch (random.Below(10))
        {
            case < 3:
                Add(random, PeerStepKind.HalfClose);
                break;
            case 3:
                Add(random, PeerStepKind.Await);
                Add(random, PeerStepKind.HalfClose);
                break;
            case 4:
                Add(random, PeerStepKind.Await);
                Add(random, PeerStepKind.Close);
                return;
            case 5:
                Add(random, PeerStepKind.Close);
                return;
            case 6:
                Add(random, PeerStepKind.Reset);
                return;
            case 7 when random.Chance(0.3):
                Add(random, PeerStepKind.Vanish);
                return;
            case 8 when random.Chance(0.3):
                // It never reads again, and never ends: the server has to.
                Add(random, PeerStepKind.Pause);
                return;
        }

        Add(random, PeerStepKind.Resume);
    }

    private void Add(SimulationRandom random, PeerStepKind kind, int count = 0) =>
        Steps.Add(new PeerStep(kind, count, random.SkewedLong(1, 3_000_000)));
}
