#include "acceptor/translation/fields.hpp"
#include "acceptor/translation/refusal.hpp"

namespace tradehive::acceptor {

// Every session may ask about its own user, whatever its kind.
Translated decode_user_request(const InboundFields& fields, const InboundContext& context) {
    using Kind = UserRequest::Kind;
    const auto request_id = RequestID::from(fields.request_id);
    if (!request_id)
        return refuse_field(fields, context, 923, session_reject::value_is_incorrect,
                            "a request's id must be at most 39 characters");
    UserRequest request;
    request.origin = context.origin;
    request.kind = fields.user_request_type == "3"   ? Kind::change_password
                   : fields.user_request_type == "4" ? Kind::status
                                                     : Kind::unsupported;
    request.request_id = *request_id;
    request.username = fields.username;
    if (request.kind != Kind::change_password) return request;

    if (fields.password.empty())
        return refuse_field(fields, context, 554, session_reject::required_tag_missing,
                            "Password(554), the old one, is needed to change it");
    if (fields.new_password.empty())
        return refuse_field(fields, context, 925, session_reject::required_tag_missing,
                            "NewPassword(925) is needed to change the password");
    request.password = fields.password;
    request.new_password = fields.new_password;
    request.code = fields.code;
    return request;
}

} // namespace tradehive::acceptor
