using SiteDesk.Customers;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets;

/// <summary>
/// A registered request and where it stands. Methods say what happens and write the history; they know no clock and no
/// database.
/// </summary>
public sealed partial class Ticket : IVersioned
{
    /// <summary>The number people see.</summary>
    public long Id { get; init; }

    /// <summary>Unguessable name of the customer's tracking page.</summary>
    public required string Token { get; init; }

    public required long SiteId { get; init; }

    public long CustomerId { get; set; }

    /// <summary>Who asks. Read back only when the query includes it.</summary>
    public Customer? Customer { get; set; }

    /// <summary>How it came: <c>chat</c>, <c>form</c>, <c>email</c>, <c>api</c>, <c>phone</c> …</summary>
    public required string Channel { get; init; }

    public required string Subject { get; set; }

    /// <summary>The language it is conducted in.</summary>
    public string? Language { get; set; }

    public StandardStatus Status { get; private set; } = StandardStatus.New;

    /// <summary>An own status that refines <see cref="Status"/>; null for the standard one.</summary>
    public long? CustomStatusId { get; private set; }

    /// <summary>The pile it lies in: follows from status and junk, and is stored because every list goes by it.</summary>
    public TicketStage Stage { get; private set; }

    public TicketPriority Priority { get; private set; } = TicketPriority.Normal;

    public long? AssigneeId { get; private set; }

    public long? TeamId { get; private set; }

    public List<TicketTag> Tags { get; } = [];

    public List<TicketFieldValue> Fields { get; } = [];

    public List<TicketFollower> Followers { get; } = [];

    public List<TicketChange> Changes { get; } = [];

    public required DateTime CreatedAt { get; init; }

    /// <summary>Moves with every message and change: the order of lists.</summary>
    public required DateTime UpdatedAt { get; set; }

    public DateTime? FirstRepliedAt { get; private set; }

    public DateTime? SolvedAt { get; private set; }

    /// <summary>Of the newest message that the customer can see.</summary>
    public DateTime LastMessageAt { get; private set; }

    /// <summary>Beginning of the newest public message, for lists.</summary>
    public string Preview { get; private set; } = "";

    /// <summary>
    /// Whether the assistant answers; then nobody of the staff need to, and the ticket lies in a pile of its own. It ends when a person answers or takes it,
    /// or the assistant hands it over, and never begins again.
    /// </summary>
    public bool IsWithAssistant { get; private set; }

    /// <summary>The customer has the last word: somebody should answer.</summary>
    public bool AwaitsReply { get; private set; }

    /// <summary>The newest public message the customer has seen (widget or tracking page).</summary>
    public long SeenByCustomerId { get; set; }

    /// <summary>Why it is junk; null when it is not.</summary>
    public JunkMark? Junk { get; private set; }

    /// <summary>The ticket into which this one was merged; never one that was merged itself.</summary>
    public long? MergedIntoId { get; private set; }

    /// <summary>How many tickets were merged into this one: most have none, and need not be asked which.</summary>
    public int MergedCount { get; private set; }

    public int Version { get; set; }

    /// <summary>Longest preview kept, in characters.</summary>
    public const int PreviewLength = 160;

    /// <summary>Characters of a channel's name.</summary>
    public const int LongestChannel = 20;

    /// <summary>Characters of a tag.</summary>
    public const int LongestTag = 60;

    /// <summary>A message was stored: moves the ticket to where its author leaves it.</summary>
    /// <param name="asksForAnswer">False for what a machine wrote in the customer's name.</param>
    public void Received(Message message, bool asksForAnswer = true)
    {
        UpdatedAt = message.CreatedAt;
        if (message.Kind == MessageKind.Note)
            return;
        LastMessageAt = message.CreatedAt;
        Preview = PreviewOf(message);
        if (asksForAnswer)
            AwaitsReply = message.AuthorKind == ActorKind.Customer;
        if (message.AuthorKind == ActorKind.Staff)
        {
            FirstRepliedAt ??= message.CreatedAt;
            TakeFromAssistant(new Actor(ActorKind.Staff, message.AuthorId, message.AuthorName), message.CreatedAt);
        }
    }

    /// <summary>A customer who writes again opens what waited for them or was solved; what was closed stays closed.</summary>
    public bool ReopenFor(Actor customer, DateTime at)
    {
        if (Status is not (StandardStatus.Pending or StandardStatus.Solved))
            return false;
        SetStatus(StandardStatus.Open, null, customer, at);
        return true;
    }

    /// <summary>The site lets the assistant answer first.</summary>
    public void GiveToAssistant(DateTime at)
    {
        if (IsWithAssistant)
            return;
        IsWithAssistant = true;
        Stage = StageNow();
        UpdatedAt = at;
    }

    /// <summary>A person answers from here on: they took it, or the assistant hands it over.</summary>
    public void TakeFromAssistant(Actor by, DateTime at)
    {
        if (!IsWithAssistant)
            return;
        IsWithAssistant = false;
        Stage = StageNow();
        Record("assistant", "assistant", by.Kind == ActorKind.Staff ? null : "person", by, at, null);
    }

    /// <summary>The assistant gives it to the staff: the customer waits for them from now on.</summary>
    public void HandOverToPerson(Actor assistant, DateTime at)
    {
        TakeFromAssistant(assistant, at);
        if (Status is StandardStatus.Pending or StandardStatus.Solved)
            SetStatus(StandardStatus.Open, null, assistant, at);
        AwaitsReply = Status != StandardStatus.Closed;
    }

    public void SetStatus(StandardStatus status, long? customStatusId, Actor by, DateTime at, string? batch = null)
    {
        if (status == Status && customStatusId == CustomStatusId)
            return;
        if (by.Kind == ActorKind.Staff)
            TakeFromAssistant(by, at);
        Record("status", StatusText(Status, CustomStatusId), StatusText(status, customStatusId), by, at, batch);
        Status = status;
        CustomStatusId = customStatusId;
        Stage = StageNow();
        SolvedAt = status is StandardStatus.Solved or StandardStatus.Closed ? SolvedAt ?? at : null;
        if (status is StandardStatus.Solved or StandardStatus.Closed)
            AwaitsReply = false;
    }

    public void SetPriority(TicketPriority priority, Actor by, DateTime at, string? batch = null)
    {
        if (priority == Priority)
            return;
        Record("priority", Priority.ToString(), priority.ToString(), by, at, batch);
        Priority = priority;
    }

    public void Assign(long? assigneeId, Actor by, DateTime at, string? batch = null)
    {
        if (assigneeId == AssigneeId)
        {
            // Whoever had it already and takes it again takes it from the assistant.
            if (assigneeId is not null && by.Kind == ActorKind.Staff)
                TakeFromAssistant(by, at);
            return;
        }

        Record("assignee", AssigneeId?.ToString(), assigneeId?.ToString(), by, at, batch);
        AssigneeId = assigneeId;
        if (assigneeId is not null && by.Kind == ActorKind.Staff)
            TakeFromAssistant(by, at);
        if (assigneeId is not null && Status == StandardStatus.New)
            SetStatus(StandardStatus.Open, null, by, at, batch);
    }

    public void HandTo(long? teamId, Actor by, DateTime at, string? batch = null)
    {
        if (teamId == TeamId)
            return;
        Record("team", TeamId?.ToString(), teamId?.ToString(), by, at, batch);
        TeamId = teamId;
    }

    public void Rename(string subject, Actor by, DateTime at, string? batch = null)
    {
        if (subject == Subject)
            return;
        Record("subject", Subject, subject, by, at, batch);
        Subject = subject;
    }

    /// <param name="language">The language it is conducted in.</param>
    public void SpeakIn(string language, Actor by, DateTime at, string? batch = null)
    {
        if (language == Language)
            return;
        Record("language", Language, language, by, at, batch);
        Language = language;
    }

    public void Tag(string name, Actor by, DateTime at, string? batch = null)
    {
        if (Tags.Exists(tag => tag.Name == name))
            return;
        Tags.Add(new TicketTag { Name = name });
        Record("tag", null, name, by, at, batch);
    }

    public void Untag(string name, Actor by, DateTime at, string? batch = null)
    {
        if (Tags.RemoveAll(tag => tag.Name == name) > 0)
            Record("tag", name, null, by, at, batch);
    }

    /// <summary>Sets or clears an own field.</summary>
    public void SetField(long fieldId, string? value, Actor by, DateTime at, string? batch = null)
    {
        var known = Fields.Find(field => field.FieldId == fieldId);
        if (known?.Value == value)
            return;
        Record($"field:{fieldId}", known?.Value, value, by, at, batch);
        if (known is not null && value is null)
            Fields.Remove(known);
        else if (known is not null)
            known.Value = value!;
        else
            Fields.Add(new TicketFieldValue { FieldId = fieldId, Value = value! });
    }

    public void Follow(long staffId)
    {
        if (!Followers.Exists(follower => follower.StaffId == staffId))
            Followers.Add(new TicketFollower { StaffId = staffId });
    }

    public void Unfollow(long staffId) => Followers.RemoveAll(follower => follower.StaffId == staffId);

    public void MarkJunk(string reason, Actor by, DateTime at, string? batch = null)
    {
        if (Junk is not null)
            return;
        Junk = new JunkMark { Reason = reason, At = at, ById = by.Id };
        Stage = StageNow();
        AwaitsReply = false;
        Record("junk", null, reason, by, at, batch);
    }

    public void RestoreFromJunk(Actor by, DateTime at, string? batch = null)
    {
        if (Junk is null)
            return;
        Record("junk", Junk.Reason, null, by, at, batch);
        Junk = null;
        Stage = StageNow();
        AwaitsReply = Status is StandardStatus.New or StandardStatus.Open;
    }

    /// <summary>Takes another ticket's conversation in and closes the other; what waits for an answer there waits here now.</summary>
    public void Absorb(Ticket other, Actor by, DateTime at)
    {
        Record("merged", null, other.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), by, at, null);
        MergedCount += 1 + other.MergedCount;
        SeenByCustomerId = Math.Max(SeenByCustomerId, other.SeenByCustomerId);
        if (other.LastMessageAt > LastMessageAt)
            (LastMessageAt, Preview) = (other.LastMessageAt, other.Preview);
        if (other.AwaitsReply && Junk is null)
        {
            ReopenFor(by, at);
            AwaitsReply = Status != StandardStatus.Closed;
        }

        other.GoOnIn(Id, by, at);
    }

    /// <summary>The ticket it was merged into was merged itself.</summary>
    public void Follow(Ticket survivor) => MergedIntoId = survivor.Id;

    /// <summary>A reply was taken back before anybody read it.</summary>
    /// <param name="left">What remains without it.</param>
    public void Withdraw(Message reply, TalkSummary left, Actor by, DateTime at)
    {
        Record("withdraw", null, reply.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), by, at, null);
        Retell(left);
    }

    /// <summary>Messages went: what lists and promises show of the talk is what is left of it.</summary>
    public void Retell(TalkSummary left)
    {
        if (left.Newest is { } newest)
            (LastMessageAt, Preview) = (newest.CreatedAt, PreviewOf(newest));
        FirstRepliedAt = left.FirstReplyAt;
        AwaitsReply = left.Newest?.AuthorKind == ActorKind.Customer && Stage is (TicketStage.Active or TicketStage.Waiting or TicketStage.Assistant);
    }

    private void GoOnIn(long ticketId, Actor by, DateTime at)
    {
        Record("merge", null, ticketId.ToString(System.Globalization.CultureInfo.InvariantCulture), by, at, null);
        MergedIntoId = ticketId;
        MergedCount = 0;
        Status = StandardStatus.Closed;
        Stage = StageNow();
        SolvedAt ??= at;
        AwaitsReply = false;
    }

    private static string PreviewOf(Message message) => message.Words.UpTo(PreviewLength);

    private TicketStage StageNow() => Status switch
    {
        _ when Junk is not null => TicketStage.Junk,
        StandardStatus.Solved or StandardStatus.Closed => TicketStage.Done,
        _ when IsWithAssistant => TicketStage.Assistant,
        StandardStatus.New or StandardStatus.Open => TicketStage.Active,
        _ => TicketStage.Waiting,
    };

    /// <summary>Writes a line of history.</summary>
    public void Record(string field, string? from, string? to, Actor by, DateTime at, string? batch)
    {
        UpdatedAt = at;
        Changes.Add(new TicketChange
        {
            Field = field,
            From = from,
            To = to,
            At = at,
            ActorKind = by.Kind,
            ActorId = by.Id,
            ActorName = by.Name,
            Batch = batch,
        });
    }

    private static string StatusText(StandardStatus status, long? customStatusId) =>
        customStatusId is null ? status.ToString() : $"{status}:{customStatusId}";
}
