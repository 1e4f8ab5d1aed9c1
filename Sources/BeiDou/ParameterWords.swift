/// What parameters are that are called the same in many frames, for layouts that say nothing of their own about them.
enum ParameterWords {
    /// The words for a short name; empty where the name says it.
    static func of(_ shortName: String) -> String { byName[shortName] ?? "" }

    private static let byName: [String: String] = [
        // Who and where
        "address": "card address of the terminal", "sender": "card address of the sender",
        "receiver": "card address of the receiver", "queried": "card address that is asked about",
        "broadcast": "card address of the broadcast", "subordinates": "card addresses of subordinates",
        "subordinate_count": "how many subordinates the card has", "latitude": "north positive",
        "longitude": "east positive", "height": "above sea level", "height_anomaly": "geoid above the ellipsoid",
        "antenna_height": "of the antenna above the ground", "speed": "over ground", "utc": "date and time, UTC",
        // Contents
        "text": "what is written, in UTF-8", "content": "what is carried, as octets", "body": "octets as they stand",
        "extra": "octets behind those of the layout", "count": "how many follow",
        // Cards and terminals
        "frame": "frame of the card's information", "service_frequency": "time between two messages",
        "level": "message level of the card", "user_kind": "class of the card", "serial": "serial number",
        "version": "version of the program", "information": "management information",
        "word": "the word that the terminal obeys", "wait": "time until the next message may be sent",
        "detail": "octets behind the kind, as they stand", "response_beam": "number of the response beam",
        "sent_times": "when messages were sent, hh:mm", "received_times": "when they were received, hh:mm",
        "pressure": "of the air", "temperature": "of the air", "satellites": "how many satellites",
        "dop": "dilution of precision",
        // Vehicle terminals
        "flow_number": "number of the message, counted by its sender",
        "answered_flow": "number of the message answered",
        "answered_id": "id of the message answered", "first_flow": "number of the first part's message",
        "indices": "numbers of the parts", "province": "code of the province", "city": "code of the city",
        "maker": "code of the maker", "model": "model of the terminal", "terminal_id": "id of the terminal",
        "code": "what the terminal authenticates with", "imei": "IMEI of the terminal",
        "software_version": "version of the program", "alarm": "alarms, by their names",
        "satellite_systems": "systems that the fix is made with", "mileage": "distance on the odometer",
        "fuel": "fuel in the tank", "recorder_speed": "speed by the vehicle's recorder",
        "tyre_pressures": "pressures of the tyres", "carriage_temperature": "temperature in the carriage",
        "overspeed_area": "id of the area or route", "area_id": "id of the area or route",
        "section_id": "id of the section of the route", "section_time": "time on the section",
        "io_status": "inputs and outputs, a bit each", "network_strength": "strength of the mobile network",
        "items": "other items, as E1:0A0B", "flags": "bits by their names",
        "entries": "the reports, as octets", "parameters": "settings, as 0x0001=60 or 0x0055:0A0B",
    ]
}
