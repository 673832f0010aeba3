using Gain.Mail;

namespace Gain.Tests.Connections;

/// <summary>What a command's two numbers are is said by its kind, and asked for by nobody else.</summary>
public class CommandTests
{
    private static readonly Command[] s_ofConnections =
    [
        Command.Close(3, 7), Command.Abort(3, 7), Command.ResumeReading(3, 7), Command.Send(3, 7),
        Command.Answer(3, 7), Command.Message(3, 7),
    ];

    [TestCaseSource(nameof(s_ofConnections))]
    public void Command_to_a_connection_names_its_slot_and_generation(object command)
    {
        var one = (Command)command;
        Assert.That((one.Slot, one.Generation, one.IsOfConnection), Is.EqualTo((3, 7u, true)));
        AssertThrows(() => one.Socket, one, nameof(Command.Socket));
        AssertThrows(() => one.Origin, one, nameof(Command.Origin));
        AssertThrows(() => one.SocketIndex, one, nameof(Command.SocketIndex));
        AssertThrows(() => one.NameBytes, one, nameof(Command.NameBytes));
    }

    [Test]
    public void Accepted_socket_names_descriptor_and_origin_and_no_slot()
    {
        var one = Command.Accepted(socket: 5, new Origin(Address: 2, Tag: 255));
        Assert.That((one.Socket, one.Origin, one.IsOfConnection), Is.EqualTo((5, new Origin(2, 255), false)));
        AssertThrows(() => one.Slot, one, nameof(Command.Slot));
        AssertThrows(() => one.Generation, one, nameof(Command.Generation));
        AssertThrows(() => one.NameBytes, one, nameof(Command.NameBytes));
    }

    [Test]
    public void Datagram_names_its_socket_and_how_long_its_target_is_and_no_slot()
    {
        var one = Command.Datagram(socketIndex: 1, nameBytes: 16);
        Assert.That((one.SocketIndex, one.NameBytes, one.IsOfConnection), Is.EqualTo((1, 16, false)));
        AssertThrows(() => one.Slot, one, nameof(Command.Slot));
        AssertThrows(() => one.Socket, one, nameof(Command.Socket));
    }

    [Test]
    public void Command_of_an_ended_mailbox_is_of_no_connection()
    {
        Assert.That(default(Command).IsOfConnection, Is.False);
        AssertThrows(() => default(Command).Slot, default, nameof(Command.Slot));
    }

    private static void AssertThrows(Func<object> read, Command command, string what) =>
        Assert.That(
            () => read(),
            Throws.InvalidOperationException.With.Message.Contains($"{command.Kind} has no {what}"));
}
