namespace Gain.Tests.Simulation.Outgoing;

/// <summary>
/// The handler of both kinds of connections: of a client, whose bytes make it dial and rent; and of an
/// undertaking, which asks and is answered, and gives its connection back, or does not.
/// </summary>
[GainProtocol]
internal partial struct Errand(OutgoingWorld world, Undertaking? undertaking)
{
    public const int QuestionBytes = 4;

    private readonly void OnConnect(Connection connection)
    {
        undertaking!.Connect(connection);
        if (world.Random.Chance(0.85))
        {
            Ask(connection);
        }
    }

    private readonly void OnConnectFailed(Connection connection, ConnectFailure failure)
    {
        undertaking!.Fail(connection, failure);
        MayGiveUp(connection);
    }

    private readonly int OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        if (undertaking is null)
        {
            Command(connection, data.Length);
            return data.Length;
        }

        if (data.Length < QuestionBytes)
        {
            return 0;
        }

        int answer = BitConverter.ToInt32(data);
        world.Require(
            answer == undertaking.Id || answer == ~undertaking.Id,
            $"undertaking {undertaking.Id} was given the answer {answer}");
        undertaking.Unanswered -= answer == undertaking.Id ? 1 : 0;
        world.Kernel.SocketOf(connection.Descriptor).Used += QuestionBytes;
        Go(connection);
        return QuestionBytes;
    }

    private readonly void OnClose(Connection connection, CloseReason reason)
    {
        if (undertaking is null)
        {
            return;
        }

        undertaking.Close(connection, reason);
        MayGiveUp(connection);
    }

    private readonly void MayGiveUp(Connection connection)
    {
        if (!undertaking!.IsOver && world.Random.Chance(0.1))
        {
            undertaking.GiveUp(connection);
        }
    }

    private readonly void Command(Connection connection, int count)
    {
        for (; count > 0; count--)
        {
            int what = world.Random.Below(10);
            if (what < 8)
            {
                world.Begin(connection, isRent: what < 6);
            }
            else
            {
                world.EndAny();
            }
        }
    }

    // The answer has come.
    private readonly void Go(Connection connection)
    {
        switch (world.Random.Below(10))
        {
            case < 7 when undertaking!.Unanswered == 0 && connection.TryReturn():
                undertaking.NoteReturned();
                if (world.Random.Chance(0.3))
                {
                    world.Begin(connection, isRent: true, undertaking.Port);
                }

                break;
            case < 8:
                undertaking!.EndItself();
                if (world.Random.Chance(0.7))
                {
                    connection.Close();
                }
                else
                {
                    connection.Abort();
                }

                break;
            case 8 when !connection.IsClosing:
                Ask(connection);
                break;
        }
    }

    private readonly void Ask(Connection connection)
    {
        undertaking!.Unanswered++;
        connection.Send(BitConverter.GetBytes(undertaking.Id));
    }
}
