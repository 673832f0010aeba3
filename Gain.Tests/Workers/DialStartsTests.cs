using System.Net;
using Gain.Workers;

namespace Gain.Tests.Workers;

/// <summary>Why dials fail whose layer was being set up, without a socket.</summary>
[Parallelizable]
public sealed class DialStartsTests
{
    private const int Slot = 1;

    private static readonly GainAddress s_target = Address("192.0.2.1:443");

    private static GainAddress Address(string text) => GainAddress.FromIPEndPoint(IPEndPoint.Parse(text));

    private static DialStarts Begun(Dialled[] dialled)
    {
        var starts = new DialStarts(dialled);
        starts.Begin(Slot, s_target);
        return starts;
    }

    [Test]
    public void Only_a_dial_whose_set_up_has_begun_is_one()
    {
        DialStarts starts = Begun(new Dialled[2]);
        Assert.That(starts.Has(Slot));
        Assert.That(starts.Has(0), Is.False);
        Assert.That(new DialStarts([]).Has(Slot), Is.False, "nothing can be dialled");
    }

    [Test]
    public void What_was_noted_is_why_it_failed_whatever_ended_it()
    {
        DialStarts starts = Begun(new Dialled[2]);
        Assert.That(starts.Note(Slot, "the certificate is of another host"));
        ConnectFailure failure = starts.FailureOf(Slot, CloseReason.Local);
        Assert.That(failure, Is.EqualTo(new ConnectFailure(
            ConnectFailureReason.HandshakeFailed, 0, s_target, "the certificate is of another host")));
    }

    [Test]
    public void Nothing_is_noted_of_a_connection_that_is_none()
    {
        var dialled = new Dialled[2];
        Assert.That(Begun(dialled).Note(0, "anything"), Is.False);
        Assert.That(dialled[0].LastFailure, Is.EqualTo(default(ConnectFailure)));
    }

    [Test]
    public void A_set_up_begins_without_the_failure_of_the_address_before()
    {
        var dialled = new Dialled[2];
        dialled[Slot].LastFailure = new ConnectFailure(ConnectFailureReason.Refused, 111, default);
        Assert.That(
            Begun(dialled).FailureOf(Slot, CloseReason.Local).Reason,
            Is.EqualTo(ConnectFailureReason.Cancelled));
    }

    [TestCase(CloseReason.Local, null)]
    [TestCase(CloseReason.Aborted, null)]
    [TestCase(CloseReason.ServerStopped, null)]
    [TestCase(CloseReason.HandlerFault, null)]
    [TestCase(CloseReason.Coupled, null)]
    [TestCase(CloseReason.Reset, "the other end reset the connection")]
    [TestCase(CloseReason.SocketError, "it was closed for SocketError")]
    [TestCase(CloseReason.LifetimeReached, "it was closed for LifetimeReached")]
    public void Otherwise_the_reason_of_the_end_says_why(CloseReason reason, string? detail)
    {
        ConnectFailureReason expected =
            detail is null ? ConnectFailureReason.Cancelled : ConnectFailureReason.HandshakeFailed;
        Assert.That(
            Begun(new Dialled[2]).FailureOf(Slot, reason),
            Is.EqualTo(new ConnectFailure(expected, 0, s_target, detail)));
    }

    [TestCase("192.0.2.1:443", "192.0.2.1")]
    [TestCase("[2001:db8::1]:443", "2001:db8::1")]
    public void An_address_is_named_as_in_a_certificate(string peer, string host) =>
        Assert.That(DialStarts.HostOf(Address(peer)), Is.EqualTo(host));

    [Test]
    public void The_interface_of_an_address_is_not_in_its_certificate_and_a_Unix_socket_has_no_name()
    {
        var linked = new IPEndPoint(IPAddress.Parse("fe80::1%1"), 443);
        Assert.That(DialStarts.HostOf(GainAddress.FromIPEndPoint(linked)), Is.EqualTo("fe80::1"));
        Assert.That(DialStarts.HostOf(GainAddress.Unix), Is.Empty);
        Assert.That(DialStarts.HostOf(default), Is.Empty);
    }
}
