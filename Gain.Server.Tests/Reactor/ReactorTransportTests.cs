namespace Gain.Tests.Server;

// The tests of servers that hold when an acceptor hands connections to the workers as they do when the
// workers accept.

public class ReactorEchoTests(GainRing ring) : EchoTests(ring)
{
    private protected override void Configure(GainOptions options) =>
        options.Architecture = GainArchitecture.Reactor;
}

public class ReactorBackPressureTests(GainRing ring) : BackPressureTests(ring)
{
    private protected override void Configure(GainOptions options) =>
        options.Architecture = GainArchitecture.Reactor;
}

public class ReactorChurnTests(GainRing ring) : ChurnTests(ring)
{
    private protected override void Configure(GainOptions options) =>
        options.Architecture = GainArchitecture.Reactor;
}

public class ReactorStopTests(GainRing ring) : StopTests(ring)
{
    private protected override void Configure(GainOptions options) =>
        options.Architecture = GainArchitecture.Reactor;
}

public class ReactorConnectionTests(GainRing ring) : ConnectionTests(ring)
{
    private protected override void Configure(GainOptions options) =>
        options.Architecture = GainArchitecture.Reactor;
}

public class ReactorCallbackTests(GainRing ring) : CallbackTests(ring)
{
    private protected override void Configure(GainOptions options) =>
        options.Architecture = GainArchitecture.Reactor;
}

public class ReactorSlowReaderTests(GainRing ring) : SlowReaderTests(ring)
{
    private protected override void Configure(GainOptions options) =>
        options.Architecture = GainArchitecture.Reactor;
}

public class ReactorDeadlineTests(GainRing ring) : DeadlineTests(ring)
{
    private protected override void Configure(GainOptions options) =>
        options.Architecture = GainArchitecture.Reactor;
}

public class ReactorTimerTests(GainRing ring) : TimerTests(ring)
{
    private protected override void Configure(GainOptions options) =>
        options.Architecture = GainArchitecture.Reactor;
}

public class ReactorAdmissionTests(GainRing ring) : AdmissionServerTests(ring)
{
    private protected override void Configure(GainOptions options) =>
        options.Architecture = GainArchitecture.Reactor;
}

public class ReactorOverloadTests(GainRing ring) : OverloadTests(ring)
{
    private protected override int ConnectionsThatLeaveNothing => 10_000;

    private protected override void Configure(GainOptions options) =>
        options.Architecture = GainArchitecture.Reactor;
}

public class ReactorPostingTests(GainRing ring) : PostingTests(ring)
{
    private protected override void Configure(GainOptions options) =>
        options.Architecture = GainArchitecture.Reactor;
}

public class ReactorSeveralListenersTests(GainRing ring) : SeveralListenersTests(ring)
{
    private protected override void Configure(GainOptions options) =>
        options.Architecture = GainArchitecture.Reactor;
}

public class ReactorSeveralProtocolsTests(GainRing ring) : SeveralProtocolsTests(ring)
{
    private protected override void Configure(GainOptions options) =>
        options.Architecture = GainArchitecture.Reactor;
}

public class ReactorMixedNetworksTests(GainRing ring) : Datagrams.MixedNetworksTests(ring)
{
    private protected override void Configure(GainOptions options) =>
        options.Architecture = GainArchitecture.Reactor;
}

public class ReactorListenerChangeTests(GainRing ring) : ListenerChangeTests(ring)
{
    private protected override void Configure(GainOptions options) =>
        options.Architecture = GainArchitecture.Reactor;
}
