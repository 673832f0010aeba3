using System.Net;
using Gain.Kernel;
using Gain.Sockets;
using Gain.Tests.Server;

namespace Gain.Tests.Net;

/// <summary>What becomes of addresses where the kernel refuses a socket, or to listen.</summary>
[NonParallelizable]
public sealed class RefusedCallTests
{
    [TestCase("192.0.2.1")]
    [TestCase("2001:db8::1")]
    public void Without_a_descriptor_to_ask_with_an_address_may_be_the_machines(string address) =>
        FilteredThread.Run(FilteredCall.Socket, Errno.EMFILE, () =>
        {
            var end = GainAddress.FromIPEndPoint(new IPEndPoint(IPAddress.Parse(address), 9));
            Assert.That(MachineAddresses.Contain(end));
        });

    [TestCase(Errno.EADDRINUSE)]
    [TestCase(Errno.EACCES)]
    public void A_listen_that_is_refused_for_good_ends_with_the_reason_and_no_socket(int error) =>
        FilteredThread.Run(FilteredCall.Listen, error, () =>
        {
            string[] before = OpenSockets.List();
            var endPoint = new ListenEndPoint(new IPEndPoint(IPAddress.Loopback, 0), V6Only: false);
            Assert.That(ListenerSocket.ListenAlone(endPoint, backlog: 1), Is.EqualTo(-error));
            Assert.That(ListenerSocket.ListenAlong(endPoint, backlog: 1), Is.EqualTo(-error));
            Assert.That(OpenSockets.List(), Is.EqualTo(before));
        });
}
