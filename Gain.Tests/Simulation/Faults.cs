namespace Gain.Tests.Simulation;

/// <summary>
/// How often the simulated kernel does what a kernel may do: each seed has a random selection of these, at
/// random rates. That finds more than everything at once, where one fault hides another.
/// </summary>
internal sealed class Faults
{
    private static readonly double[] s_rates = [0.01, 0.05, 0.2, 0.5];

    private readonly SimulationRandom _random;

    public Faults(SimulationRandom random)
    {
        _random = random;
        bool isCalm = random.Chance(0.05);
        double appetite = isCalm ? 0 : random.Pick<double>([0.2, 0.5, 0.8]);
        CutReceive = Rate(appetite);
        EndReceive = Rate(appetite);
        ReceiveRetry = Rate(appetite / 2);
        ReceiveError = Rate(appetite / 4) / 10;
        BufferAtEnd = Rate(appetite);
        AcceptRetry = Rate(appetite / 2);
        AcceptError = Rate(appetite / 2);
        EndAccept = Rate(appetite);
        CutSend = Rate(appetite);
        ShortSend = Rate(appetite);
        SendRetry = Rate(appetite / 2);
        SendError = Rate(appetite / 4) / 10;
        ShortSendNow = Rate(appetite);
        Late = Rate(appetite);
        MaxLateNs = random.SkewedLong(1_000, 20_000_000);
        CancelTooBusy = Rate(appetite);
        CancelAfterData = Rate(appetite);
        RefuseSubmissions = Rate(appetite / 2);
        ReturnEarly = Rate(appetite / 2);
        EndWake = Rate(appetite);
        SpuriousWake = Rate(appetite / 2) / 2;
        Mail = Rate(appetite / 2) / 2;
        Throw = Rate(0.6) / 2;
        int overflow = random.Skewed(2, 32);
        CompletionCapacity = random.Chance(appetite) ? overflow : int.MaxValue;
        int failure = random.Skewed(1, 300);
        FailsAtTurn = random.Chance(0.01) ? failure : int.MaxValue;
        int limit = random.Between(2, 8);
        DescriptorLimit = random.Chance(appetite / 2) ? limit : int.MaxValue;
    }

    /// <summary>A receive takes less than there is, or than fits.</summary>
    public double CutReceive { get; }

    /// <summary>
    /// A multishot receive ends with the data that it brings, and the wait for a socket's end with a FIN.
    /// </summary>
    public double EndReceive { get; }

    /// <summary>A receive ends with EINTR or the like: nothing is wrong with the connection.</summary>
    public double ReceiveRetry { get; }

    /// <summary>A receive fails for good.</summary>
    public double ReceiveError { get; }

    /// <summary>The end of a receive comes with a buffer that has nothing in it.</summary>
    public double BufferAtEnd { get; }

    /// <summary>An accept fails in a way that concerns one connection.</summary>
    public double AcceptRetry { get; }

    /// <summary>An accept fails in a way that would repeat itself.</summary>
    public double AcceptError { get; }

    /// <summary>A multishot accept ends with the connection that it brings.</summary>
    public double EndAccept { get; }

    /// <summary>A send goes out in pieces, with time between them.</summary>
    public double CutSend { get; }

    /// <summary>A send completes although not everything went out.</summary>
    public double ShortSend { get; }

    /// <summary>A send ends with EINTR or the like.</summary>
    public double SendRetry { get; }

    /// <summary>A send fails for good.</summary>
    public double SendError { get; }

    /// <summary>A direct send takes less than fits, or nothing.</summary>
    public double ShortSendNow { get; }

    /// <summary>A completion shows later than it happened, after others of other operations.</summary>
    public double Late { get; }

    /// <summary>How much later.</summary>
    public long MaxLateNs { get; }

    /// <summary>A cancellation finds its target running (EALREADY), and the target goes on.</summary>
    public double CancelTooBusy { get; }

    /// <summary>A cancelled operation brings something first.</summary>
    public double CancelAfterData { get; }

    /// <summary>The kernel takes only some of the submissions.</summary>
    public double RefuseSubmissions { get; }

    /// <summary>A wait ends with nothing: EINTR.</summary>
    public double ReturnEarly { get; }

    /// <summary>The poll behind wake-ups ends and must be armed again.</summary>
    public double EndWake { get; }

    /// <summary>Another thread wakes the worker for nothing, or twice.</summary>
    public double SpuriousWake { get; }

    /// <summary>Another thread closes or aborts a connection, or one that is long gone.</summary>
    public double Mail { get; }

    /// <summary>A callback of a protocol that may throws.</summary>
    public double Throw { get; }

    /// <summary>Completions that fit; when they are there, multishot operations end.</summary>
    public int CompletionCapacity { get; }

    /// <summary>Descriptors that may be open: EMFILE.</summary>
    public int DescriptorLimit { get; }

    /// <summary>The ring fails for good, and the worker has to end without it: EBADR.</summary>
    public int FailsAtTurn { get; }

    /// <summary>What is cancelled ends at once.</summary>
    public bool LetsCancel => Late == 0 && CancelTooBusy == 0 && RefuseSubmissions == 0
        && CompletionCapacity == int.MaxValue;

    /// <summary>The faults that are on, for a trace.</summary>
    public string Describe() => string.Join(
        ", ",
        from property in typeof(Faults).GetProperties()
        let value = property.GetValue(this)
        where value is > 0.0 or < int.MaxValue or long
        select $"{property.Name} {value}");

    private double Rate(double chance)
    {
        double rate = _random.Pick<double>(s_rates);
        return _random.Chance(chance) ? rate : 0;
    }
}
