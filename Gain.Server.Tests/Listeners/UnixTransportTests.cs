namespace Gain.Tests.Server;

// The tests of servers that hold over Unix sockets as they do over TCP.

public class UnixEchoTests(GainRing ring) : EchoTests(ring)
{
    private protected override string Address => UnixNames.New();
}

public class UnixBackPressureTests(GainRing ring) : BackPressureTests(ring)
{
    private protected override string Address => UnixNames.New();
}

public class UnixChurnTests(GainRing ring) : ChurnTests(ring)
{
    private protected override string Address => UnixNames.New();
}

public class UnixStopTests(GainRing ring) : StopTests(ring)
{
    private protected override string Address => UnixNames.New();
}

public class UnixConnectionTests(GainRing ring) : ConnectionTests(ring)
{
    private protected override string Address => UnixNames.New();
}

public class UnixCallbackTests(GainRing ring) : CallbackTests(ring)
{
    private protected override string Address => UnixNames.New();
}

public class UnixSlowReaderTests(GainRing ring) : SlowReaderTests(ring)
{
    private protected override string Address => UnixNames.New();
}

public class UnixDeadlineTests(GainRing ring) : DeadlineTests(ring)
{
    private protected override string Address => UnixNames.New();
}

public class UnixTimerTests(GainRing ring) : TimerTests(ring)
{
    private protected override string Address => UnixNames.New();
}

internal static class UnixNames
{
    /// <summary>An abstract name that nobody else has.</summary>
    public static string New() => $"unix://@gain-test-{Guid.NewGuid():N}";
}

public class UnixCoupleTests(GainRing ring) : Dialling.CoupleTests(ring)
{
    private protected override string Address => UnixNames.New();
}

public class UnixHalfCloseTests(GainRing ring) : Dialling.HalfCloseTests(ring)
{
    private protected override string Address => UnixNames.New();
}
